"""Where figures look."""
