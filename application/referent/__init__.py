"""What a referent does."""
