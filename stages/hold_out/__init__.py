"""Hold out: rows for a test split that are like no row of the training split."""
