"""Sample: which rows are said, by a seeded choice."""
