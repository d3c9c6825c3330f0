"""The graph in forms that others read."""
