"""What stages share about rows: draws, turns, kinds and word n-grams."""
