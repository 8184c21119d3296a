"""A corpus of any size, made of real prompts, in which everything that is to be found was planted and is known."""
