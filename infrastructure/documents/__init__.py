"""Documents that leave the house. Today this is the judicial summary alone, as PDF."""
