"""Catalogues of messages; French is the language of the ids."""
