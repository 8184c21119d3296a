"""Conversations: their messages and roles, what calls tools or is reasoning, and which turn is said."""
