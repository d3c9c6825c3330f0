"""Regions, edges and axes drawn on the picture, for a person to look at."""
