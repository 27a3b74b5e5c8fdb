"""What somebody does before they have a session, and to get one."""
