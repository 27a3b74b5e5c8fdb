"""The use cases of the on-call desk."""
