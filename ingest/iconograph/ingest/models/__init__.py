"""Models: which there are, where their files are, and adapters by task."""
