"""A journey, a network and a summary: their events and their rules.

Imports the standard library and ``eventsourcing`` alone.
"""
