"""What the coordination and the second auditor do."""
