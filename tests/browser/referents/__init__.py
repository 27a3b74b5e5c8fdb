"""What a referent does in a day, in a browser."""
