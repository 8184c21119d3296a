"""What gives away a person, an account or a key: patterns, and checks on what they find."""
