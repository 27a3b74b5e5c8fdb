"""The installation: what its files name, and the pages asked from outside."""
