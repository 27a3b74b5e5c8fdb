"""A judicial summary, chapter by chapter: its parts, approvals and release."""
