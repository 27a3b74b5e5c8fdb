"""A journey, chapter by chapter: what may happen to it, and its rules."""
