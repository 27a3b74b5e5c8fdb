"""How the directory is kept."""
