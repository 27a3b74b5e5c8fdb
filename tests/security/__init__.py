"""Attacks on the whole house: what a thief of its disk finds."""
