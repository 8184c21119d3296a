"""What the small models of refusals and of missing input learn from, and how."""
