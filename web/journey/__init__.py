"""The pages of a journey."""
