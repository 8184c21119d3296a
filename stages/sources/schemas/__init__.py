"""The schemas that people write instruction rows in, and the messages that these become."""
