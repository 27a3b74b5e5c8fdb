"""How the ledger is sequenced, read and watched."""
