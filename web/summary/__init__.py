"""The pages of summaries."""
