"""Deduplicate: of rows that ask the same thing, one stays."""
