"""What judicial staff do."""
