"""The use cases that come before all others: log in, sign the charter, log out."""
