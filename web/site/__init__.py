"""One request: the visitor, the form that was sent, the answer."""
