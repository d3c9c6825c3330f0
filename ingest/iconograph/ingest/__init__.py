"""Pictures and records in, regions out."""
