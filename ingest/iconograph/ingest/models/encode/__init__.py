"""Encoders: texts or pictures to unit vectors."""
