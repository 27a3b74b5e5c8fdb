"""The house key and the house's folder."""
