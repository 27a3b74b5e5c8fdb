"""Sequencing, reading and watching the ledger."""
