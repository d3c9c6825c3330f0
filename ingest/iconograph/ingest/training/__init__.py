"""Training of the small models that ship with the project, on drawn scenes only.

Needs the extra `ml`; nothing here is imported when pictures are ingested.
"""
