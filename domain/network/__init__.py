"""A network: its members, groups and charter."""
