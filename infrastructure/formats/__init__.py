"""Every sealed or signed format, a module for each page of docs/formats: no database, no clock, no environment."""
