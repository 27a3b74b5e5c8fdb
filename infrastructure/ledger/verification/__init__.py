"""Verifying the ledger and every stored row against it."""
