"""Compose: spoken rows become the published columns, in shards of even size."""
