"""Segmenters: boxes and points to masks."""
