"""Iconclass offline: an index over its English and German texts and keywords, built once."""
