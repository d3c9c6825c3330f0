"""Where the graph is kept: one port, two adapters with the same file names."""
