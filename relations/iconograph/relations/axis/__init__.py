"""The lines that organise a picture."""
