"""The use cases: one folder for each kind of person who acts. The only room that combines the others."""
