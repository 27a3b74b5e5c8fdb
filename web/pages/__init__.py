"""Handlers: each turns one request into one use case, and its result into one page."""
