"""What was decided about every row, and the questions people ask of it."""
