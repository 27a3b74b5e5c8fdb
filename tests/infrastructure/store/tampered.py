"""A town whose database somebody writes to, and what each of its people then sees."""

# ruff: noqa: S608 (a superuser's statements are put together here; which pairs are swapped is no secret)

# ruff: noqa: S608 (a superuser's statements are put together here; which pairs are swapped is no secret)

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from uuid import UUID

from domain.cards import Face
from domain.compartments import Compartment
from domain.journey.journey import Journey
from infrastructure.formats.directory_line import DirectoryRefused
from infrastructure.formats.envelope import Tampered
from infrastructure.formats.group_secret import open_group_secrets
from infrastructure.formats.session import OpenSession
from infrastructure.ledger.ledger import UNREADABLE
from infrastructure.ledger.verification.verify import verify
from infrastructure.store.loaded import Loaded
from tests.databases import FreshDatabase
from tests.telling.journeys import accept, append_action, invite, open_journey, read_journey
from tests.telling.town import Town

C = Compartment
DETECTED = "detected"
READERS = ("cidff.un", "ville.un", "hopital.un", "social.un")
PAIRS = 8
SEALED = {
    "event": (("state",), "originator, version"),
    "epoch_grant": (("envelope",), "originator, epoch, holder, generation"),
    "grant_set": (("payload", "signature"), "originator, epoch, ordinal"),
    "card": (("envelope",), "originator, face"),
    "shred_secret": (("envelope",), "originator"),
    "group_secret": (("envelope",), "holder, generation, member, member_generation"),
    "account": (("bundle",), "referent"),
    "session": (("sealed",), "finder"),
    "session_keys": (("sealed",), "finder, originator"),
    "ledger_body": (("body", "trace"), "entry"),
    "ledger_key": (("envelope",), "session_key, holder, generation"),
}
"""Every column of sealed bytes, and by what its rows are told apart."""

UNPROVED = ("shred_secret", "session", "session_keys")
"""What no ledger entry names: only whoever opens it can tell."""


class House:
    """A town with two journeys, and what each of its people sees of them."""

    def __init__(self, town: Town, database: FreshDatabase) -> None:
        self.database = database
        self.town = town
        self.journeys = [self._journey("cidff.un"), self._journey("ville.un")]
        self.tamper("TRUNCATE relais.session CASCADE")
        for login in READERS:
            session = self.town.log_in(login)
            for journey in self.journeys:
                read_journey(self.town, session, journey)
        self.cookies = dict(self.town.cookies)

    def _journey(self, login: str) -> UUID:
        town, session = self.town, self.town.log_in(login)
        journey = open_journey(town, session, level="serious", danger="des menaces")
        for invited in ("cidff", "ville", "hopital", "social"):
            if town.institutions[invited].id != session.institution:
                invite(town, session, journey, invited)
                accept(town, town.log_in(f"{invited}.un"), journey)
        for compartment in (C.FOLLOW_UP, C.HEALTH, C.HEALTH, C.SOCIAL, C.FOLLOW_UP):
            append_action(town, session, journey, f"dit en {compartment}", compartment)
        return journey

    @property
    def keys(self) -> dict[UUID, bytes]:
        network = self.town.installation.directory.current()
        return {referent.id: referent.signing_key for referent in network.referents.values()}

    def tamper(self, statement: str, *values: object) -> None:
        """Write past every trigger, as who holds the machine."""
        with self.database.superuser.connection() as connection, connection.transaction():
            connection.execute("SET LOCAL session_replication_role = replica")
            connection.execute(statement.encode(), values)

    def swap(self, table: str, column: str, one: int, other: int) -> None:
        """Put each of two sealed values, named by their places in order, in the other's place."""
        rows = self.rows(table, column)
        for (place, _), (_, value) in ((rows[one], rows[other]), (rows[other], rows[one])):
            key = " AND ".join(f"{name} = %b" for name in SEALED[table][1].split(", "))
            self.tamper(f"UPDATE relais.{table} SET {column} = %b WHERE {key}", value, *place)

    def rows(self, table: str, column: str) -> list[tuple[tuple[object, ...], bytes]]:
        """Every sealed value of a column, with what its row is told apart by."""
        key = SEALED[table][1]
        with self.database.superuser.connection() as connection:
            rows = connection.execute(
                f"SELECT {column}, {key} FROM relais.{table} WHERE {column} IS NOT NULL"
                f" ORDER BY {key}".encode()
            ).fetchall()
        return [(row[1:], row[0]) for row in rows]

    def views(self) -> dict[str, object]:
        """All that anybody opens, from their passphrase on: what they see, or that it was noticed."""
        found: dict[str, object] = {}
        for login in READERS:
            found |= {f"{login} {place}": seen for place, seen in self._of(login)}
        found["audit"] = noticed(self._audit)
        return found

    def _of(self, login: str) -> Iterator[tuple[str, object]]:
        services, clock = self.town.services, self.town.clock
        cookie = self.cookies[login]
        kept = noticed(lambda: services.entrance.find(cookie, clock()))
        yield "session", DETECTED if kept == DETECTED else kept[0].bundle.to_bytes()
        for journey in self.journeys if kept != DETECTED else ():
            yield f"kept {journey}", noticed(partial(self._kept, kept[0], journey))
        session = noticed(lambda: self._unlocked(login))
        if session == DETECTED:
            yield "log-in", DETECTED
            return
        for journey in self.journeys:
            yield f"{journey}", noticed(partial(self._shown, session, journey))
            yield f"who consulted {journey}", noticed(partial(self._traces, session, journey))
        faces = (Face.IDENTITY, Face.FRAME)
        yield (
            "list",
            noticed(lambda: frozenset(map(repr, services.cards.cards(session, faces, self.keys)))),
        )

    def _unlocked(self, login: str) -> OpenSession | None:
        """Log in, storing nothing."""
        town, network = self.town, self.town.installation.directory.current()
        entrance = town.installation.entrance
        session = entrance.unlock(network, login, town.passphrases[login], town.clock())
        if session is not None:
            secrets = entrance._accounts.group_secrets(session.referent)
            open_group_secrets(network, session, secrets)
        return session

    def _kept(self, session: OpenSession, journey: UUID) -> object:
        self.town.services.entrance.read_epochs(session, journey)
        return sorted((epoch.id, epoch.key) for epoch in session.known_epochs(journey).values())

    def _loaded(self, session: OpenSession, journey: UUID) -> Loaded[Journey] | None:
        store = self.town.services.journeys
        loaded: Loaded[Journey] | None = store.load(session, journey, lambda _: self.keys)
        return loaded

    def _shown(self, session: OpenSession, journey: UUID) -> object:
        """Every entry, and the cards; ``None`` is the answer to whoever may know nothing."""
        loaded = self._loaded(session, journey)
        if loaded is None:
            return None
        found, store = loaded.aggregate, self.town.services.journeys
        cards = [store.card_of(loaded, face) for face in (Face.IDENTITY, Face.FRAME)]
        return repr((found.entries, found.frame_notes, found.person, found.partners, cards))

    def _traces(self, session: OpenSession, journey: UUID) -> object:
        """Who consulted: an altered trace is left out, the others stay."""
        loaded = self._loaded(session, journey)
        if loaded is None:
            return None
        return frozenset(map(repr, self.town.services.ledger.traces(loaded, 100)))

    def _audit(self) -> object:
        session = self._unlocked("coordination.un")
        if session is None:
            return None
        network = self.town.installation.directory.current()
        entries = self.town.services.ledger.audit(session, network, 500)
        return frozenset(repr(entry) for entry in entries if entry.access.act != UNREADABLE)

    def sound(self) -> bool:
        """What ``relais verify`` says."""
        services = self.town.services
        house = self.town.house.public_key
        return verify(self.database.app, services.network, "relais.test", house).sound


def noticed(look: Callable[[], Any]) -> Any:
    """What is seen, or that it was refused."""
    try:
        seen = look()
    except (Tampered, DirectoryRefused):
        return DETECTED
    return DETECTED if seen is None else seen


def noticed_by_readers(before: dict[str, object], after: dict[str, object]) -> bool:
    """Whether somebody sees less than before; nobody may see anything else."""
    less = False
    for place, seen in after.items():
        known = before.get(place)
        if isinstance(seen, frozenset) and isinstance(known, frozenset):
            assert seen <= known, place
        elif seen != DETECTED:
            assert seen == known, place
        less = less or seen != known
    return less
