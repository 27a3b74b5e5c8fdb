"""Documents that leave the house. Today there is one: the judicial summary, as PDF."""
