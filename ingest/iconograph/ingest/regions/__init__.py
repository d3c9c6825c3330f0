"""From proposals of many sources to the regions of a picture."""
