"""Every page looked at in a browser: as a town renders it, and in the states that no town reaches cheaply."""
