"""From what the application answers to view models: names, labels, days."""
