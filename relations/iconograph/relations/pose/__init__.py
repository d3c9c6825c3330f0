"""What the joints of figures tell."""
