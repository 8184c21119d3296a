"""Screen: each prompt as it will be said, and the filters that decide which rows may stay."""
