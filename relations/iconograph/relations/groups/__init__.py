"""Figures that act together, and what they are called."""
