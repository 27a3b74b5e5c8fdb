"""The processes that run: pages and background work."""
