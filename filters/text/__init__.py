"""Columns of texts: words, folding, patterns and repetition, for whatever has to be asked about them."""
