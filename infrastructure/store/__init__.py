"""How journeys and summaries are stored."""
