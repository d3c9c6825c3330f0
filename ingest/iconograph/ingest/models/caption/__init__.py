"""Captioners: pictures to a sentence."""
