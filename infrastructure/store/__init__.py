"""Storing journeys and summaries, and reading them."""
