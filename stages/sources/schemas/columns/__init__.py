"""Columns: how they are named, what in them says nothing, and those that change what a row means."""
