"""The demonstration: an example network with invented people and journeys, as data."""
