"""The coordination's pages of the ledger."""
