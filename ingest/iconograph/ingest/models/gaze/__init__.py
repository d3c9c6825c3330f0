"""What sees where heads look, from the whole picture."""
