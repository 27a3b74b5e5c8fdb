"""Pages: requests into one use case, and its result into one page."""
