"""Sources: which files they are, wherever they lie, and what of their rows is wanted."""
