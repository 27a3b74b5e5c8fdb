"""The directory: its signed lines, the accounts and the groups' keys."""
