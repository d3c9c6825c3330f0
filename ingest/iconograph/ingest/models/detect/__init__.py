"""Detectors: pictures to boxes with labels."""
