"""What a published dataset promises: its list of files, and the contract of its sound tokens."""
