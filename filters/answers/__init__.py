"""What spoils an answer, a file each: patterns, and whether an answer has them."""
