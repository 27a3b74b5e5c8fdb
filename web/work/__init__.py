"""The lists: work left, journeys."""
