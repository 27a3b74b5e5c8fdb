"""A ledger of some 300 entries, written by the whole house, and hands that alter it as superuser."""

# ruff: noqa: S608 (a superuser's statements are put together here, out of names of our own)

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from application.referent import (
    composing,
    listing,
    summaries,
)
from domain.access import Access
from infrastructure.formats.envelope import new_key
from infrastructure.formats.ledger import header as ledger_format
from infrastructure.formats.ledger import row_digests
from infrastructure.formats.ledger.entry import LedgerAuthor, write_entry
from infrastructure.formats.ledger.header import RowDigest
from infrastructure.house.folder import HouseFolder
from infrastructure.ledger.sequencer import Sequencer, Sequencing
from infrastructure.ledger.verification.report import KEPT, MismatchKind, Report
from infrastructure.ledger.verification.verify import verify
from relais.composition import erasing
from tests.databases import FreshDatabase
from tests.telling.journeys import (
    act_as,
    append_action,
    keep_apart,
    open_journey,
    read_journey,
    share,
)
from tests.telling.town import Town

ORIGIN = "relais.example/essai"
INTERVAL = timedelta(minutes=5)


class OneConnection:
    """Gives always the same connection: what is done on it is rolled back in the end."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    @contextmanager
    def connection(self) -> Iterator[Any]:
        yield self._connection


class Built:
    """The town and its ledger, whole. ``notes`` are its checkpoints by size; ``journeys`` are some of its journeys."""

    def __init__(self, town: Town, database: FreshDatabase, journeys: tuple[UUID, ...]) -> None:
        self.town = town
        self.database = database
        self.journeys = journeys
        self.notes: dict[int, str] = {}

    @property
    def network(self) -> UUID:
        """The network's id."""
        return self.town.installation.services.network

    def sequencer(self) -> Sequencer:
        """The sequencer of this ledger."""
        house = self.town.house
        return Sequencer(self.database.app, self.network, ORIGIN, house.signing_key, INTERVAL)

    def verified(
        self, connections: Any = None, against: str | None = None, limit: int = KEPT
    ) -> Report:
        """The report on the ledger as it stands, or as the connections given show it."""
        return verify(
            connections or self.database.app,
            self.network,
            ORIGIN,
            self.town.house.public_key,
            against,
            limit,
        )

    @contextmanager
    def tampering(self) -> Iterator[Any]:
        """A superuser's connection with the triggers off; nothing that is done on it lasts."""
        with self.database.superuser.connection() as connection, connection.cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
            try:
                cursor.execute("SET LOCAL session_replication_role = replica")
                yield connection
            finally:
                cursor.execute("ROLLBACK")

    def after(self, statement: str, *arguments: Any, against: str | None = None) -> Report:
        """The report after one statement of a superuser, which must have changed something."""
        with self.tampering() as connection:
            assert connection.execute(statement.encode(), arguments).rowcount > 0
            return self.verified(OneConnection(connection), against)

    def exchanged(
        self, table: str, column: str, first: int, second: int, condition: str = "true"
    ) -> Report:
        """The report after two rows took each other's number."""
        aside = 10**6
        with self.tampering() as connection:
            for was, becomes in ((first, aside), (second, first), (aside, second)):
                statement = f"UPDATE relais.{table} SET {column} = %b WHERE {column} = %b"
                connection.execute(f"{statement} AND {condition}".encode(), (becomes, was))
            return self.verified(OneConnection(connection))


def build(town: Town, database: FreshDatabase, folder: Path) -> Built:
    """Live in a town, and seal its ledger three times."""
    built = Built(town, database, tuple(_journey(town, number) for number in range(4)))
    _seal(built)
    for journey in built.journeys[:2]:
        _share(town, journey)
    _seal(built)
    _restrict(town, built.journeys[0])
    _summary(town, built.journeys[1])
    _erase(built, folder)
    for _ in range(20):
        for journey in built.journeys:
            _work(town, "cidff.un", journey)
    _seal(built)
    # Two entries without a place, and two under no checkpoint: what is outside the proof.
    with built.sequencer().elected(town.clock()) as sequencing:
        assert sequencing is not None
        act_as(town, "cidff.un", listing.my_journeys)
        _work(town, "cidff.un", built.journeys[2])
        sequencing.round(town.clock(), may_sign=False)
    act_as(town, "cidff.un", listing.my_journeys)
    _work(town, "cidff.un", built.journeys[2])
    return built


def _seal(built: Built) -> None:
    def sign(sequencing: Sequencing) -> None:
        sequencing.round(built.town.clock(), may_sign=False)
        note = sequencing.sign()
        assert note is not None
        built.notes[sequencing.size] = note

    with_election(built.sequencer(), built.town.clock, sign)


def with_election(
    sequencer: Sequencer, clock: Callable[[], Any], act: Callable[[Sequencing], None]
) -> None:
    """Act as the sequencer."""
    with sequencer.elected(clock()) as sequencing:
        assert sequencing is not None
        act(sequencing)


def _journey(town: Town, number: int) -> UUID:
    journey = open_journey(town, level="high", danger=f"menaces {number}")
    for _ in range(4):
        _work(town, "cidff.un", journey)
    return journey


def _work(town: Town, login: str, journey: UUID) -> None:
    read_journey(town, login, journey)
    append_action(town, login, journey)


def _share(town: Town, journey: UUID) -> None:
    for institution in ("ville", "police"):
        share(town, journey, institution)
        _work(town, f"{institution}.un", journey)
        _work(town, "cidff.un", journey)


def _restrict(town: Town, journey: UUID) -> None:
    keep_apart(town, "ville.un", journey, "ville.trois")
    town.sessions.clear()
    _work(town, "ville.un", journey)
    _work(town, "cidff.un", journey)


def _erase(built: Built, folder: Path) -> None:
    database = built.database
    house = HouseFolder(folder / "house")
    erasure = erasing(database.app, database.retention, built.network, house)
    assert erasure.erase(_journey(built.town, 4), built.town.clock())


def _summary(town: Town, journey: UUID) -> None:
    recipient = town.institutions["siege"].id
    session = town.who("cidff.un")
    entered = read_journey(town, session, journey)
    versions = [candidate.entry.version for candidate in composing.candidates(entered, None)][:2]
    summary = composing.compose(town.services, session, journey, recipient, None, versions)
    for _ in range(2):
        summaries.read_summary(town.services, session, summary)


def kinds(report: Report) -> set[MismatchKind]:
    """Every kind of mismatch found."""
    return {mismatch.kind for mismatch in report.mismatches}


def then_it_is_first(
    report: Report, kind: MismatchKind, where: str, subject: UUID | None = None
) -> None:
    """The first mismatch is this one; with ``subject``, about this journey."""
    first = report.mismatches[0]
    assert (first.kind, first.where) == (kind, where), [
        str(mismatch) for mismatch in report.mismatches
    ]
    assert subject in (None, first.subject)


def subject_of(built: Built, entry: int) -> UUID:
    """What an entry's header says that it is about."""
    header = one_of(built, "SELECT header FROM relais.ledger_entry WHERE id = %b", entry)
    return ledger_format.parse(header).subject


def forge(
    connection: Any,
    built: Built,
    rows: list[RowDigest],
    subject: UUID | None = None,
    network: UUID | None = None,
    key: Ed25519PrivateKey | None = None,
) -> int:
    """Put in an entry that names these rows, signed by the house unless with ``key``; returns its number."""
    signing = key or built.town.house.signing_key
    author = LedgerAuthor.of_house(network or built.network, signing, new_key())
    row = write_entry(author, Access("erase", built.town.clock(), subject=subject), rows, None)
    (entry,) = connection.execute(
        "INSERT INTO relais.ledger_entry (network, header) VALUES (%b, %b) RETURNING id",
        (built.network, row.header),
    ).fetchone()
    connection.execute(
        "INSERT INTO relais.ledger_body (entry, network, subject, session_key, body)"
        " VALUES (%b, %b, %b, %b, %b)",
        (entry, network or built.network, row.subject, row.session_key, row.body),
    )
    return int(entry)


def one_of(built: Built, statement: str, *arguments: Any) -> Any:
    with built.database.superuser.connection() as connection:
        row = connection.execute(statement.encode(), arguments).fetchone()
    assert row is not None
    return row[0]


KEYS = {
    "event": ("originator", "version"),
    "grant_set": ("originator", "epoch", "ordinal"),
    "epoch_grant": ("originator", "epoch", "holder", "generation"),
    "card": ("originator", "face"),
    "shred_secret": ("originator",),
    "ledger_key": ("session_key", "holder", "generation"),
    "group_secret": ("holder", "generation", "member", "member_generation"),
    "account": ("referent",),
}


def last_row(built: Built, table: str) -> tuple[str, dict[str, Any]]:
    """The place of a row of a table, and its key: of nothing that was erased."""
    names = KEYS[table]
    present = " WHERE envelope IS NOT NULL" if table == "epoch_grant" else " WHERE true"
    if "originator" in names:
        present += " AND originator NOT IN (SELECT originator FROM relais.erased)"
    with built.database.app.connection() as connection:
        row = connection.execute(
            f"SELECT ctid::text, {', '.join(names)} FROM relais.{table}{present}"
            f" ORDER BY {', '.join(f'{name} DESC' for name in names)} LIMIT 1".encode()
        ).fetchone()
    assert row is not None
    return row[0], dict(zip(names, row[1:], strict=True))


def places_of_versions(built: Built, originator: UUID) -> tuple[int, int]:
    """The positions of the first two entries that stored a version of an originator."""
    with built.database.app.connection() as connection:
        events = connection.execute(
            "SELECT version, state FROM relais.event WHERE originator = %b", (originator,)
        ).fetchall()
        headers = connection.execute(
            "SELECT l.position, e.header FROM relais.ledger_entry AS e"
            " JOIN relais.ledger_leaf AS l ON l.entry = e.id ORDER BY l.position"
        ).fetchall()
    wanted = {row_digests.event(built.network, originator, *event) for event in events}
    found = [
        position for position, header in headers if wanted & set(ledger_format.parse(header).rows)
    ]
    return found[0], found[1]


def position_of_a_consult(connection: Any, above: int) -> int:
    rows = connection.execute(
        "SELECT l.position, e.header FROM relais.ledger_entry AS e JOIN relais.ledger_leaf AS l"
        " ON l.entry = e.id WHERE l.position >= %b ORDER BY l.position",
        (above,),
    ).fetchall()
    return next(int(position) for position, header in rows if not ledger_format.parse(header).rows)
