"""Runtimes that run model files."""
