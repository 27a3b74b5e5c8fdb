"""The use cases of judicial staff."""
