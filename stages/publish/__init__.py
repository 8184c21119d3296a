"""Publish: the list of files, the pictures and the card, once every shard is in place."""
