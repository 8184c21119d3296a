"""Duplicates among millions of prompts: signatures of each, pairs that are alike, and which row stays."""
