"""The rows of a file, by its format."""
