"""Who can read what: a model of what is promised, an attacker who keeps everything, and what joins them."""
