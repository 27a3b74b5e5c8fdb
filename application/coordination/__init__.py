"""The use cases of the coordination and of the second auditor."""
