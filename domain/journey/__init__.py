"""A journey, chapter by chapter: its events, and the rules of each."""
