"""Regions in, typed edges out."""
