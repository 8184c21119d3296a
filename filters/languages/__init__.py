"""Languages told apart by their words, where a text is too short for its letters to do it."""
