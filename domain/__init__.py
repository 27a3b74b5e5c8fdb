"""What a journey, a network and a summary are: their events and their rules.

Imports the standard library and ``eventsourcing`` alone.
"""
