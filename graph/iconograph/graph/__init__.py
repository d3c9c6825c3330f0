"""The vocabulary of a picture, the stores that keep it, and the search over them."""
