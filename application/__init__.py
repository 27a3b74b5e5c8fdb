"""What people do: one module for each who acts. The only room that combines the others."""
