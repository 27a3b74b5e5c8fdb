"""One request: who asks, what was sent, what is answered."""
