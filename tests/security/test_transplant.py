"""Attack 31: whichever two sealed values of a database change places, it is noticed; nobody reads what is not theirs.

Given a town that lived through everything, when the superuser exchanges two sealed values, then ``relais verify`` names
it, or the value does not open; and each reader sees of each thing what stood there before, or an error: never another.
"""

import random
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from psycopg import sql

from application.door.journey import signing_keys
from domain.journey.entries import Entry
from infrastructure.directory.accounts import Accounts
from infrastructure.formats.envelope import Tampered
from infrastructure.formats.group_secret import open_group_secrets
from infrastructure.formats.session import OpenSession, finder, secret_of
from infrastructure.ledger.ledger import UNREADABLE
from infrastructure.ledger.verification.verify import verify
from infrastructure.ledger.verification.with_keys import verify_secrets
from tests.databases import FreshDatabase
from tests.docs.pages import names, rows, section
from tests.security.scenario import Lived, live
from tests.telling.journeys import append_action, open_journey
from tests.telling.town import Town

READERS = ("cidff.un", "hopital.un", "ville.un", "police.un", "coordination.un", "parquet.un")
PAIRS_OF_A_COLUMN = 4
PAIRS_OF_ANY = 20

_SEALED = {"sealed", "sealed, padded"}
_OF_SESSIONS = ("session.sealed", "session_keys.sealed")


def sealed_columns() -> list[str]:
    """Every column that the threat model says is sealed, those of sessions too; ``account.space`` holds nothing yet."""
    listed = rows(section("threat-model.md", "What a copy of the database shows"))
    found = [
        names(cells[0])[0]
        for cells in listed
        if cells[1] in _SEALED or cells[1].startswith("entry")
    ]
    return [column for column in [*found, *_OF_SESSIONS] if column != "account.space"]


@dataclass(frozen=True)
class Value:
    """One sealed value: its column, and the row by its primary key."""

    column: str
    key: tuple[Any, ...]
    raw: bytes = field(repr=False)


class Thief:
    """The database's superuser."""

    def __init__(self, database: FreshDatabase) -> None:
        self._database = database
        self._keys = {column: self._key_of(column.partition(".")[0]) for column in sealed_columns()}

    def values(self) -> dict[str, list[Value]]:
        """Every sealed value, by column."""
        found = {}
        for column, key in self._keys.items():
            table, _, name = column.partition(".")
            statement = sql.SQL("SELECT {}, {} FROM relais.{} WHERE {} IS NOT NULL ORDER BY {}")
            listed = sql.SQL(", ").join(map(sql.Identifier, key))
            named = sql.Identifier(name)
            with self._database.superuser.connection() as connection:
                stored = connection.execute(
                    statement.format(named, listed, sql.Identifier(table), named, listed)
                ).fetchall()
            found[column] = [Value(column, tuple(row[1:]), bytes(row[0])) for row in stored]
        return found

    @contextmanager
    def exchanged(self, one: Value, other: Value) -> Iterator[None]:
        """While the block runs, each stands in the other's place."""
        self._put(one, other.raw)
        self._put(other, one.raw)
        try:
            yield
        finally:
            self._put(one, one.raw)
            self._put(other, other.raw)

    def _put(self, place: Value, raw: bytes) -> None:
        table, _, name = place.column.partition(".")
        where = sql.SQL(" AND ").join(
            sql.SQL("{} = %b").format(sql.Identifier(column)) for column in self._keys[place.column]
        )
        statement = sql.SQL("UPDATE relais.{} SET {} = %b WHERE ").format(
            sql.Identifier(table), sql.Identifier(name)
        )
        with self._database.superuser.connection() as connection, connection.transaction():
            # Triggers are no obstacle to who holds the machine.
            connection.execute("SET LOCAL session_replication_role = replica")
            connection.execute(statement + where, (raw, *place.key))

    def _key_of(self, table: str) -> Sequence[str]:
        with self._database.superuser.connection() as connection:
            found = connection.execute(
                "SELECT a.attname FROM pg_index AS i JOIN pg_attribute AS a"
                " ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)"
                " WHERE i.indrelid = %b::regclass AND i.indisprimary ORDER BY a.attnum",
                (f"relais.{table}",),
            ).fetchall()
        return [name for (name,) in found]


Seen = frozenset[str]


class Eyes:
    """What each reader can see of each thing, with nothing kept from before: none where something does not open."""

    def __init__(self, lived: Lived, other: UUID) -> None:
        self._town = lived.town
        self._journeys = (lived.journey, other)
        self._summary = lived.summary
        self._cookies = {login: _cookie(self._town, login, self._journeys) for login in READERS}
        kept = [finder(secret_of(cookie) or b"") for cookie in self._cookies.values()]
        with self._town.connections.connection() as connection:
            connection.execute("DELETE FROM relais.session WHERE finder <> ALL (%b)", (kept,))

    def see(self) -> dict[tuple[str, str], Seen | None]:
        """Every reader's view of every thing."""
        return {(login, what): seen for login in READERS for what, seen in self._of(login).items()}

    def _of(self, login: str) -> dict[str, Seen | None]:
        seen = {"cookie": _tried(lambda: self._by_cookie(login))}
        try:
            session = self._fresh(login)
        except Tampered:
            return {**seen, "log-in": None}
        services = self._town.services
        directory = services.directory.current()
        keys = signing_keys(directory)
        for journey in self._journeys:
            seen[f"journey {journey}"] = _tried(partial(self._journey, session, journey, keys))
        seen["summary"] = _tried(lambda: self._words(session, keys))
        seen["cards"] = _tried(
            lambda: [
                (card.originator, card.face, card.content)
                for card in services.cards.cards(session, (1, 2, 3), keys)
            ]
        )
        seen["audit"] = _tried(lambda: services.ledger.audit(session, directory, 20_000))
        return seen

    def _fresh(self, login: str) -> OpenSession:
        town = self._town
        directory = town.services.directory.current()
        entrance = town.installation.entrance
        session = entrance.unlock(directory, login, town.passphrases[login], town.clock.now)
        if session is None:
            raise Tampered
        accounts = Accounts(town.connections, town.services.network)
        open_group_secrets(directory, session, accounts.group_secrets(session.referent))
        return session

    def _by_cookie(self, login: str) -> Iterable[object]:
        entrance = self._town.installation.entrance
        found = entrance.find(self._cookies[login], self._town.clock.now)
        if found is None:
            raise Tampered
        session = found[0]
        entrance.read_epochs(session, None)
        yield session.referent, session.bundle.to_bytes()
        yield from session.groups.items()
        for journey, epochs in session.epochs.items():
            yield from ((journey, epoch.id, epoch.key) for epoch in epochs.values())

    def _journey(
        self, session: OpenSession, journey: UUID, keys: Mapping[UUID, bytes]
    ) -> Iterable[object]:
        loaded = self._town.services.journeys.load(session, journey, lambda _: keys)
        if loaded is None:
            return
        found = loaded.aggregate
        yield from found.frame_notes
        yield from (
            (name, said) for name in ("person", "safe_contact") if (said := getattr(found, name))
        )
        for version, entry in found.entries.items():
            if isinstance(entry, Entry):
                yield from ((version, content) for content in (*entry.history, entry.content))
        # Two acts of one session on one journey may change places in the list: that `relais verify` names alone.
        yield from self._town.services.ledger.traces(loaded, 1_000)

    def _words(self, session: OpenSession, keys: Mapping[UUID, bytes]) -> Iterable[object]:
        loaded = self._town.services.summaries.load(session, self._summary, lambda _: keys)
        if loaded is not None:
            yield loaded.aggregate.number
            yield from (
                (part.index, part.items) for part in loaded.aggregate.parts.values() if part.items
            )


def _cookie(town: Town, login: str, journeys: Sequence[UUID]) -> str:
    session = town.log_in(login)
    cookie = town.installation.entrance.keep(session, town.clock())
    keys = signing_keys(town.services.directory.current())
    for journey in journeys:
        town.services.journeys.load(session, journey, lambda _: keys)
    town.services.entrance.save_epochs(session, journeys)
    return str(cookie)


def _tried(look: Callable[[], Iterable[object]]) -> Seen | None:
    try:
        seen = frozenset(map(repr, look()))
    except Tampered:
        return None
    # The audit goes on past an altered entry, and says where it stands.
    return None if any(f"act='{UNREADABLE}'" in one for one in seen) else seen


@pytest.fixture
def lived(town: Town) -> Lived:
    """A town that lived through everything."""
    return live(town)


@pytest.fixture
def other(lived: Lived) -> UUID:
    """Another journey of the same town, with some of the same partners."""
    journey = open_journey(lived.town, level="low", danger="Menace.")
    for words in ("Un.", "Deux."):
        append_action(lived.town, "cidff.un", journey, words)
    return journey


def pairs(
    values: Mapping[str, Sequence[Value]], chance: random.Random
) -> Iterator[tuple[Value, Value]]:
    """Neighbours and strangers of each column, and values of any two columns."""
    for found in values.values():
        neighbours = list(pairwise(found))
        strangers = [_two(chance, found) for _ in neighbours]
        candidates = [*neighbours, *strangers]
        yield from chance.sample(candidates, min(PAIRS_OF_A_COLUMN, len(candidates)))
    everything = [value for found in values.values() for value in found]
    for _ in range(PAIRS_OF_ANY):
        yield _two(chance, everything)


def _two(chance: random.Random, found: Sequence[Value]) -> tuple[Value, Value]:
    one, other = chance.sample(found, 2)
    return one, other


def test_whichever_two_change_places_it_is_noticed(
    lived: Lived, other: UUID, database: FreshDatabase
) -> None:
    network, house = lived.town.services.network, lived.town.house
    eyes, thief = Eyes(lived, other), Thief(database)
    before = eyes.see()
    assert None not in before.values()
    assert sum(map(bool, before.values())) > 3 * len(READERS)
    values = thief.values()
    assert all(len(found) > 1 for found in values.values())
    seed = secrets.randbits(32)
    chance = random.Random(seed)  # noqa: S311 - which pairs are tried, to be told again by its seed
    for one, another in pairs(values, chance):
        with thief.exchanged(one, another):
            after = eyes.see()
            report = verify(database.app, network, "relais/exemple", house.public_key)
            wrapped = verify_secrets(database.app, network, house)
        for thing, seen in after.items():
            never_theirs = (seen or frozenset()) - (before.get(thing) or frozenset())
            assert not never_theirs, (seed, thing, one, another)
        noticed = report.mismatches or wrapped.mismatches or None in after.values()
        assert noticed, (seed, one, another)
    assert eyes.see() == before
