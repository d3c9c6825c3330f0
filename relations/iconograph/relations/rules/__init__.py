"""One file for each kind of edge: pure functions from a scene to findings."""
