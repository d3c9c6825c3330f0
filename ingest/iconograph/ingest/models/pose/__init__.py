"""Pose estimators: figures to key points."""
