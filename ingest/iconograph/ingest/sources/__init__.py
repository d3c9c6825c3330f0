"""Sources of pictures and of what is known about them: files in, values out."""
