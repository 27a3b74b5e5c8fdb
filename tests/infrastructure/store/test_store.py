"""The sealed store under whoever writes to the database: transplants, keys and grants put in (cases 31 to 33)."""

# ruff: noqa: S608, S311 (a superuser's statements are put together here; which pairs are swapped is no secret)

import base64
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from application.referent import opening, reading, sharing, writing
from domain.access import Access
from domain.cards import FRAME_FACE, IDENTITY_FACE
from domain.compartments import Compartment
from domain.holders import HolderKey
from domain.journey import entries
from domain.journey.entries import Entry
from domain.journey.journey import Journey
from domain.refusals import Refusal
from infrastructure.formats.bundle import Bundle
from infrastructure.formats.directory_line import DirectoryRefused
from infrastructure.formats.envelope import Tampered
from infrastructure.formats.grant import grant, new_epoch
from infrastructure.formats.group_secret import open_group_secrets
from infrastructure.formats.keys import DecryptionKey
from infrastructure.formats.session import OpenSession, begin
from infrastructure.ledger.ledger import UNREADABLE
from infrastructure.ledger.verification.verify import verify
from infrastructure.store.loaded import Loaded
from relais.composition import install
from tests.conftest import FreshDatabase
from tests.town import CHEAP, POLICIES, Town, action, ambre, chalon, consent, informed

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

    def __init__(self, database: FreshDatabase, folder: Path) -> None:
        self.database = database
        self.town: Town = chalon(database.app, folder)
        self.journeys = [self._journey("cidff.un"), self._journey("ville.un")]
        self.cookies: dict[str, str] = {}
        self.tamper("TRUNCATE relais.session CASCADE")
        for login in READERS:
            session = self.town.log_in(login)
            self.cookies[login] = base64.urlsafe_b64encode(session.secret).rstrip(b"=").decode()
            for journey in self.journeys:
                reading.read_journey(self.town.services, session, journey, "ongoing_work")

    def _journey(self, login: str) -> UUID:
        town, services = self.town, self.town.services
        session, today = town.log_in(login), town.clock.now.date()
        new = opening.NewJourney(informed(today), ambre(), "le mardi", "serious", "des menaces")
        journey = opening.open_journey(services, session, new)
        for invited in ("cidff", "ville", "hopital", "social"):
            if town.institutions[invited].id != session.institution:
                institution = town.institutions[invited].id
                sharing.invite(services, session, journey, institution, consent())
                other = town.log_in(f"{invited}.un")
                sharing.answer_invitation(services, other, journey, None)
        for compartment in (C.FOLLOW_UP, C.HEALTH, C.HEALTH, C.SOCIAL, C.FOLLOW_UP):
            content = action(f"dit en {compartment}", today)
            writing.append_action(services, session, journey, compartment, content, None)
        return journey

    @property
    def keys(self) -> dict[UUID, bytes]:
        network = self.town.installation.directory.current()
        return {one.id: one.signing_key for one in network.referents.values()}

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
        faces = (IDENTITY_FACE, FRAME_FACE)
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
        return sorted((one.id, one.key) for one in session.known_epochs(journey).values())

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
        cards = [store.card_of(loaded, face) for face in (IDENTITY_FACE, FRAME_FACE)]
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
        return frozenset(repr(one) for one in entries if one.access.act != UNREADABLE)

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


@pytest.fixture(scope="module")
def house(
    new_database: Callable[[], FreshDatabase], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    database = new_database()
    yield House(database, tmp_path_factory.mktemp("house"))
    database.drop()


def places() -> list[tuple[str, str]]:
    return [(table, column) for table, (columns, _) in SEALED.items() for column in columns]


@pytest.mark.parametrize(("table", "column"), places())
def test_a_transplant_is_noticed_and_never_read_as_something_else(
    house: House, table: str, column: str
) -> None:
    """Attack case 31."""
    before = house.views()
    assert DETECTED not in before.values()
    assert house.sound()
    values = [value for _, value in house.rows(table, column)]
    pairs = [
        (one, other)
        for one, other in combinations(range(len(values)), 2)
        if values[one] != values[other]
    ]
    assert pairs
    for one, other in random.Random(31).sample(pairs, min(PAIRS, len(pairs))):
        house.swap(table, column, one, other)
        try:
            assert noticed_by_readers(before, house.views()) or table not in UNPROVED
            assert table in UNPROVED or not house.sound()
        finally:
            house.swap(table, column, one, other)
    assert house.views() == before


def halves(state: bytes) -> tuple[bytes, bytes, bytes]:
    """What names the epochs; the header; the body."""
    return state[:65], state[65:99], state[99:]


def test_half_an_entry_fits_no_other(house: House) -> None:
    """Headers, bodies and the epochs that they name, each swapped alone between entries of one journey and of two."""
    before = house.views()
    rows = house.rows("event", "state")
    with house.database.superuser.connection() as connection:
        journeys = connection.execute(
            "SELECT network, originator, version, state FROM relais.event"
            " WHERE originator <> network ORDER BY originator, version"
        ).fetchall()
    assert len(rows) > len(journeys)
    pairs = random.Random(32).sample(list(combinations(journeys, 2)), 12)
    for one, other in pairs:
        for part in range(3):
            mixed = list(halves(one[3]))
            mixed[part] = halves(other[3])[part]
            if tuple(mixed) == halves(one[3]):
                continue
            update = (
                "UPDATE relais.event SET state = %b"
                " WHERE network = %b AND originator = %b AND version = %b"
            )
            house.tamper(update, b"".join(mixed), *one[:3])
            noticed_by_readers(before, house.views())
            # A header is opened only where the body is sealed: somebody lacks each body but the frame's.
            assert not house.sound()
            house.tamper(update, one[3], *one[:3])
    assert house.views() == before


# -- keys and grants put in ------------------------------------------------------------------------------------------


def test_a_key_put_into_the_directory_is_refused_before_anything_is_sealed_to_it(
    house: House,
) -> None:
    """Attack case 32."""
    mine = DecryptionKey.generate().public().raw
    with house.database.superuser.connection() as connection:
        lines = connection.execute(
            "SELECT version, state FROM relais.event WHERE originator = network ORDER BY version"
        ).fetchall()
    replaced = 0
    for version, state in lines:
        for name in (b'"encryption_key":"', b'"public_key":"'):
            at = state.find(name)
            if at < 0:
                continue
            start = at + len(name)
            end = state.index(b'"', start)
            key = base64.urlsafe_b64encode(mine)
            assert end - start == len(key)
            update = (
                "UPDATE relais.event SET state = %b WHERE originator = network AND version = %b"
            )
            house.tamper(update, state[:start] + key + state[end:], version)
            with pytest.raises(DirectoryRefused) as refused:
                fresh_directory(house).current()
            assert refused.value.counter == version
            house.tamper(update, state, version)
            replaced += 1
    assert replaced > 20
    assert fresh_directory(house).current().counter == len(lines)


def fresh_directory(house: House) -> Any:
    """The directory as a process that just started reads it."""
    town = house.town
    return install(
        house.database.app, town.services.network, town.house, POLICIES, town.clock, CHEAP
    ).directory


def test_nobody_writes_under_a_key_that_a_stranger_put_in(house: House) -> None:
    """Attack case 33: signed by a referent, sealed to exactly today's audience, and yet a stranger's."""
    town, journey = house.town, house.journeys[0]
    services = town.services
    stranger, reader = town.log_in("police.un"), town.log_in("cidff.un")
    entered = reading.read_journey(services, reader, journey, "ongoing_work")
    holders = entered.audience(C.FOLLOW_UP).holders
    epoch = new_epoch(C.FOLLOW_UP.code, stranger.certificate)
    insert(house, stranger, journey, epoch, holders)
    writer = town.log_in("cidff.deux")
    content = action("à qui de droit", town.clock.now.date())
    version = writing.append_action(services, writer, journey, C.FOLLOW_UP, content, None)
    stored = services.journeys.load(town.log_in("cidff.un"), journey, lambda _: house.keys)
    assert isinstance(stored.aggregate.entries[version], Entry)
    assert stored.body_epochs[version - 1] != epoch.id
    taken_out(house, epoch.id)


def test_a_grant_that_nobody_of_the_directory_signed_is_refused(house: House) -> None:
    town, journey = house.town, house.journeys[0]
    impostor = town.log_in("police.un")
    epoch = new_epoch(C.FOLLOW_UP.code, impostor.certificate)
    own = town.installation.directory.current().keys_of(town.institutions["cidff"].id)
    forged = begin(
        impostor.network, impostor.referent, impostor.institution, Bundle.generate(), town.clock()
    )
    insert(house, forged, journey, epoch, own)
    with pytest.raises(Tampered):
        town.services.journeys.load(town.log_in("cidff.un"), journey, lambda _: house.keys)
    taken_out(house, epoch.id)


@pytest.mark.parametrize("unknown", ["both", "the frame's", "its own"])
def test_an_entry_put_in_under_no_granted_epoch_is_tampering(house: House, unknown: str) -> None:
    """Else it would count as one that this reader merely lacks the key to."""
    journey, town = house.journeys[1], house.town
    session = town.log_in("ville.un")
    loaded = town.services.journeys.load(session, journey, lambda _: house.keys)
    lacking = next(epoch for epoch in loaded.body_epochs if epoch not in loaded.epochs)
    frame = bytes(32) if unknown != "its own" else loaded.body_epochs[0]
    own = bytes(32) if unknown != "the frame's" else lacking
    place = (town.services.network, journey, loaded.version + 1)
    state = b"\x01" + frame + own + bytes(235)
    house.tamper("INSERT INTO relais.event VALUES (%b, %b, %b, %b)", *place, state)
    with pytest.raises(Tampered):
        town.services.journeys.load(session, journey, lambda _: house.keys)
    house.tamper("DELETE FROM relais.event WHERE originator = %b AND version = %b", *place[1:])


def insert(
    house: House, granter: OpenSession, journey: UUID, epoch: Any, holders: tuple[HolderKey, ...]
) -> None:
    """Put a grant in by hand, signed by a session."""
    network = house.town.services.network
    made, rows = grant(
        network,
        journey,
        epoch,
        holders,
        ordinal=0,
        version=1,
        counter=1,
        certificate=granter.certificate,
        key=granter.signing,
    )
    house.tamper(
        "INSERT INTO relais.grant_set VALUES (%b, %b, %b, 0, %b, %b)",
        network,
        journey,
        epoch.id,
        made.payload,
        made.signature,
    )
    for row in rows:
        house.tamper(
            "INSERT INTO relais.epoch_grant VALUES (%b, %b, %b, %b, %b, %b)",
            network,
            journey,
            epoch.id,
            row.holder,
            row.generation,
            row.envelope,
        )


def taken_out(house: House, epoch: bytes) -> None:
    for table in ("grant_set", "epoch_grant"):
        house.tamper(f"DELETE FROM relais.{table} WHERE epoch = %b", epoch)


def test_who_consulted_is_read_by_whoever_reads_the_frame(house: House) -> None:
    town, journey = house.town, house.journeys[0]
    reader, other = town.log_in("cidff.un"), town.log_in("hopital.un")

    def consulted() -> int:
        loaded = town.services.journeys.load(other, journey, lambda _: house.keys)
        traces = town.services.ledger.traces(loaded, 500)
        return sum(one.act == "consult" for one in traces)

    before = consulted()
    reading.read_journey(town.services, reader, journey, "ongoing_work")
    assert consulted() == before + 1


# -- writing ---------------------------------------------------------------------------------------------------------


def test_what_nobody_could_ever_read_is_not_stored(house: House) -> None:
    town, journey = house.town, house.journeys[0]
    session = town.log_in("cidff.un")
    entered = reading.read_journey(town.services, session, journey, "ongoing_work")
    version = entered.journey.version
    content = action("pour personne", town.clock.now.date())
    entries.append(
        entered.journey, entered.author, C.CHILDREN, content, "child_protection", entered.at
    )
    audience_of = entered.audience_of

    def nobody(lock: int) -> Any:
        found = audience_of(lock)
        return replace(found, holders=()) if lock == C.CHILDREN.code else found

    with pytest.raises(Refusal):
        town.services.journeys.record(
            session, entered.loaded, Access("append", entered.at, journey), nobody
        )
    again = town.services.journeys.load(session, journey, lambda _: house.keys)
    assert again.aggregate.version == version


@pytest.mark.parametrize("about", [None, uuid4()])
def test_an_act_is_stored_with_an_entry_about_itself_alone(house: House, about: Any) -> None:
    """Else the entry would not vouch for what is stored with it."""
    town, journey = house.town, house.journeys[0]
    session = town.log_in("cidff.un")
    entered = reading.read_journey(town.services, session, journey, "ongoing_work")
    access = Access("consult", entered.at, about)
    with pytest.raises(ValueError, match="consult"):
        town.services.journeys.record(session, entered.loaded, access, entered.audience_of)


def test_an_epoch_at_hand_that_no_set_names_is_refused(house: House) -> None:
    town, journey = house.town, house.journeys[0]
    session = town.log_in("cidff.un")
    assert town.services.journeys.load(session, journey, lambda _: house.keys) is not None
    stranger = new_epoch(C.FOLLOW_UP.code, session.certificate)
    session.known_epochs(journey)[stranger.id] = stranger
    with pytest.raises(Tampered):
        town.services.journeys.load(session, journey, lambda _: house.keys)


def test_an_unknown_journey_and_one_without_keys_are_both_nothing(house: House) -> None:
    services, session = house.town.services, house.town.log_in("spip.un")
    assert services.journeys.load(session, uuid4(), lambda _: house.keys) is None
    assert services.journeys.load(session, house.journeys[0], lambda _: house.keys) is None


def test_a_card_of_another_version_is_not_opened(house: House) -> None:
    """A card belongs to the version that wrote it."""
    town, journey = house.town, house.journeys[0]
    session = town.log_in("cidff.un")
    loaded = town.services.journeys.load(session, journey, lambda _: house.keys)
    house.tamper("UPDATE relais.card SET version = version + 1 WHERE originator = %b", journey)
    moved = town.services.journeys.load(session, journey, lambda _: house.keys)
    with pytest.raises(Tampered):
        town.services.journeys.card_of(moved, FRAME_FACE)
    house.tamper("UPDATE relais.card SET version = version - 1 WHERE originator = %b", journey)
    assert town.services.journeys.card_of(loaded, FRAME_FACE) is not None
    assert town.services.journeys.card_of(loaded, 9) is None


def test_the_attacker_of_these_tests_can_write(house: House) -> None:
    """Else nothing here would show anything."""
    before = house.rows("ledger_body", "body")
    statement = "UPDATE relais.ledger_body SET body = body || '\\x00'::bytea"
    house.tamper(statement)
    changed = house.rows("ledger_body", "body")
    assert sorted(one for _, one in changed) == sorted(one + b"\0" for _, one in before)
