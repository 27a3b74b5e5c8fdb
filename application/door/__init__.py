"""The one path that every use case takes: the charter is asked, the ledger is written."""
