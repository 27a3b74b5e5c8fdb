"""Every byte of a ledger of some 300 entries, flipped one by one: each must be named (attack case 36).

``python -m tests.campaigns.ledger_bytes [STEP]`` tries every STEP-th byte of each value (by default every one: a day),
prints a line for each column, and ends with 1 where an altered byte went unnoticed.
"""

# ruff: noqa: T201 (it prints what it tried)

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg

from infrastructure.postgres.embedded.cluster import start
from tests.clusters import name_of_this_run
from tests.databases import CLONE, TEMPLATE, copying, make_template
from tests.infrastructure.ledger.built_ledger import Built, OneConnection, build
from tests.infrastructure.ledger.verification.altering import Cell, alter, cells, columns
from tests.telling.town import chalon


def main(step: int) -> int:
    """Run the campaign; returns how many altered bytes went unnoticed."""
    cluster = start(CLONE, name=name_of_this_run("bytes"), durable=False)
    try:
        make_template(cluster)
        database = copying(cluster)(TEMPLATE)
        with TemporaryDirectory() as folder:
            built = build(chalon(database.app, Path(folder)), database, Path(folder))
            unnoticed = sum(_column(built, *column, step) for column in columns(proved=True))
        database.drop()
        return unnoticed
    finally:
        cluster.remove()


def _column(built: Built, table: str, column: str, step: int) -> int:
    with built.tampering() as connection:
        found = cells(connection, table, column)
    tried = unnoticed = 0
    for cell in found:
        for byte in range(0, cell.size, step):
            noticed = _noticed(built, cell, byte)
            tried += 1
            if not noticed:
                unnoticed += 1
                print(f"UNNOTICED {cell} byte {byte}", flush=True)
    print(
        f"{table}.{column}: {tried} bytes of {len(found)} values, {unnoticed} unnoticed", flush=True
    )
    return unnoticed


def _noticed(built: Built, cell: Cell, byte: int) -> bool:
    connection: Any
    with built.tampering() as connection:
        try:
            alter(connection, cell, byte, 1)
        except psycopg.IntegrityError:
            # The database itself refuses such a row.
            return True
        return not built.verified(OneConnection(connection), limit=1).sound


if __name__ == "__main__":
    sys.exit(1 if main(int(sys.argv[1]) if len(sys.argv) > 1 else 1) else 0)
