"""A network, chapter by chapter: its members, groups, on-call desk and charter."""
