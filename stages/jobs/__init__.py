"""What every stage is made of: jobs, the context that they are planned in, and what their keys hold."""
