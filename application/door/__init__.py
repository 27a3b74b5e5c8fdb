"""The door: the one path of every use case. The charter is asked, the ledger is written."""
