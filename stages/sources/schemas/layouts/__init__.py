"""The schemas themselves: each layout in which people write rows, and how its rows become messages."""
