"""How the house keeps what it keeps: PostgreSQL, sealing, ledger, mail and documents."""
