"""The commands, and the words that they are asked for with."""
