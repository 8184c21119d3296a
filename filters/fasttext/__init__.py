"""fastText classifiers, asked about a whole column at once."""
