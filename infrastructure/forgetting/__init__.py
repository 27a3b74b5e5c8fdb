"""Erasing a journey, and rotating the house key."""
