"""The use cases of a referent."""
