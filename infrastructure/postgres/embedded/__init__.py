"""A PostgreSQL of our own, for a machine that has none running."""
