"""Stories through the whole house, in a browser."""
