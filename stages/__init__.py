"""What happens to one shard's rows, from a source file to the published dataset."""
