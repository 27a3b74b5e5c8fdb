"""Log-in, charter, and the pages of the site itself."""
