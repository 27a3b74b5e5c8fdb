"""How verification grows: ledgers of more and more entries.

The entries are genuine: each is a consult with a body of its own, sealed with the session's ledger key and signed with
the session's key by the product's own ``write_entry``, and the sequencer gives it its place. Only the way into the
tables is short: COPY, a thousand rows at a time, instead of a transaction for each.
"""

import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from uuid import uuid4

import psycopg

from domain.access import Access
from infrastructure.formats.ledger.entry import LedgerAuthor, LedgerRow, write_entry
from infrastructure.formats.session import OpenSession
from infrastructure.house.house import HouseSecrets
from infrastructure.ledger.sequencer import Sequencer
from infrastructure.ledger.verification.verify import verify
from infrastructure.postgres.embedded.configuration import SUPERUSER
from tests.bench.bench_town import Bench
from tests.bench.growth import print_growth
from tests.telling.town import Town

LEDGERS = (20_000, 100_000, 500_000)
ORIGIN = "relais.example/bench"
AT_ONCE = 1_000

_ENTRIES = "COPY relais.ledger_entry (id, network, header) FROM STDIN (FORMAT binary)"
_BODIES = "COPY relais.ledger_body (entry, network, subject, session_key, body) FROM STDIN (FORMAT binary)"
_NEXT = "SELECT setval(pg_get_serial_sequence('relais.ledger_entry', 'id'), max(id)) FROM relais.ledger_entry"


def report(town: Town, bench: Bench) -> None:
    """Measure verification of ever longer ledgers; fail if one does not verify."""
    house = HouseSecrets.load(bench.house)
    hour = timedelta(hours=1)
    sequencer = Sequencer(town.connections, bench.network, ORIGIN, house.signing_key, hour)
    rows = []
    for number in LEDGERS:
        _fill(town, bench, number)
        at = town.clock()
        with sequencer.elected(at) as sequencing:
            if sequencing is None:
                raise AssertionError("another process sequences")
            sequencing.round(at + hour)
        begun = time.perf_counter()
        verified = verify(town.connections, bench.network, ORIGIN, house.public_key)
        taken = (time.perf_counter() - begun) * 1e3
        if not verified.sound or verified.size < number:
            raise AssertionError(verified)
        rows.append((verified.size, taken))
    print_growth("ledger entries", ("verification",), rows)


def _fill(town: Town, bench: Bench, number: int) -> None:
    """Append consults until the ledger holds a number of entries."""
    session = town.who("cidff.un")
    with psycopg.connect(bench.cluster.address(SUPERUSER, bench.database)) as connection:
        row = connection.execute("SELECT max(id), count(*) FROM relais.ledger_entry").fetchone()
        assert row is not None
        last, stored = row
        consults = _consults(town, session)
        while stored < number:
            written = list(islice(consults, min(AT_ONCE, number - stored)))
            _copy(connection, town, written, last + 1)
            last, stored = last + len(written), stored + len(written)
        connection.execute(_NEXT)


def _consults(town: Town, session: OpenSession) -> Iterator[LedgerRow]:
    """Entries of consults, each of another journey."""
    author, at = LedgerAuthor.of(session), town.clock()
    while True:
        access = Access(
            act="consult",
            at=at,
            subject=uuid4(),
            purpose="ongoing_work",
            articles=("3.1",),
            policies=("3.1-partner",),
        )
        yield write_entry(author, access, (), None)


def _copy(connection: psycopg.Connection, town: Town, written: list[LedgerRow], first: int) -> None:
    network = town.services.network
    with connection.cursor() as cursor:
        with cursor.copy(_ENTRIES) as copy:
            copy.set_types(["int8", "uuid", "bytea"])
            for entry, row in enumerate(written, start=first):
                copy.write_row((entry, network, row.header))
        with cursor.copy(_BODIES) as copy:
            copy.set_types(["int8", "uuid", "uuid", "bytea", "bytea"])
            for entry, row in enumerate(written, start=first):
                copy.write_row((entry, network, row.subject, row.session_key, row.body))
