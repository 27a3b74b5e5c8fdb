"""A judicial summary: its parts, their approval and its release."""
