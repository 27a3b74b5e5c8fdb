"""What the on-call desk does."""
