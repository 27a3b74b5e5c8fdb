"""Founding a network."""
