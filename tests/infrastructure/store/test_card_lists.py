"""The list of one's journeys: the cards that a session can open, without opening a journey."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from application.door.journey import signing_keys
from domain.cards import Face
from domain.journey.card import FrameCard, IdentityCard
from infrastructure.formats import grant as grant_format
from infrastructure.formats.card import OpenedCard
from infrastructure.formats.envelope import derive
from infrastructure.formats.session import OpenSession
from infrastructure.postgres.database import Connections
from infrastructure.postgres.prepared import Statement
from infrastructure.store.card_lists import CardLists
from tests.databases import FreshDatabase
from tests.infrastructure.store.giving import opened
from tests.telling.town import Town, ambre, chalon

FACES = (Face.FRAME, Face.IDENTITY)


@pytest.fixture
def town(database: FreshDatabase, tmp_path: Path) -> Town:
    return chalon(database.app, tmp_path)


def keys(town: Town) -> dict[UUID, bytes]:
    return signing_keys(town.installation.directory.current())


def listed(town: Town, login: str, faces: tuple[int, ...] = FACES) -> list[OpenedCard]:
    """The cards that a fresh session of somebody opens."""
    return list(town.services.cards.cards(town.log_in(login), faces, keys(town)))


def test_one_sees_the_cards_of_the_journeys_that_one_takes_part_in(town: Town) -> None:
    first, second = opened(town, "cidff.un", "police"), opened(town, "cidff.un")
    assert {(one.originator, one.face) for one in listed(town, "cidff.un")} == {
        (journey, face) for journey in (first, second) for face in FACES
    }
    assert {one.originator for one in listed(town, "police.un")} == {first}
    assert listed(town, "hopital.un") == []


def test_a_card_says_what_it_was_made_of(town: Town) -> None:
    journey = opened(town, "cidff.un")
    loaded = town.services.journeys.load(town.log_in("cidff.un"), journey, lambda _: keys(town))
    shown = IdentityCard(known_as=ambre().known_as)
    assert listed(town, "cidff.un", (Face.IDENTITY,)) == [
        OpenedCard(journey, Face.IDENTITY, loaded.version, shown)
    ]
    (frame,) = listed(town, "cidff.un", (Face.FRAME,))
    assert isinstance(frame.content, FrameCard)


def test_what_was_opened_once_is_known_to_the_session(town: Town) -> None:
    """The second time no signing key is asked for: nothing is left to check."""
    journey = opened(town, "cidff.un")
    session, lists = town.log_in("cidff.un"), town.services.cards
    assert session.known_epochs(journey) == {}
    before = lists.cards(session, FACES, keys(town))
    assert session.known_epochs(journey)
    assert lists.cards(session, FACES, {}) == before
    # and a session that has not opened them believes no unknown signature
    assert lists.cards(town.log_in("cidff.un"), FACES, {}) == []


class Answering:
    """A database that answers with another holder's grants."""

    def __init__(self, town: Town) -> None:
        self._town = town

    @contextmanager
    def connection(self) -> Iterator[Any]:
        with self._town.connections.connection() as connection:
            self._connection = connection
            yield self

    def ask(self, statement: Statement, *arguments: Any) -> list[tuple[Any, ...]]:
        rows = self._connection.ask(statement, *arguments)
        if statement.name != b"grants":
            return list(rows)
        return [(*row[:2], uuid4(), *row[3:]) for row in rows]


def test_a_grant_that_was_not_asked_for_opens_nothing(town: Town) -> None:
    opened(town, "cidff.un")
    lists = CardLists(Answering(town), town.services.network, town.house)
    assert lists.cards(town.log_in("cidff.un"), FACES, keys(town)) == []


# -- growth: a journey costs a list the same, however many there are -----------------------------------


SLACK = 1.5
"""Of the rows visited: identifiers are random, and with them where a search within one journey ends."""


class Counting:
    """A database that counts the statements it is asked, and the rows that it visits to answer the list of cards."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self.asked: list[bytes] = []
        self.visited = 0

    @contextmanager
    def connection(self) -> Iterator[Any]:
        with self._connections.connection() as connection:
            self._connection = connection
            yield self

    def ask(self, statement: Statement, *arguments: Any) -> list[tuple[Any, ...]]:
        self.asked.append(statement.name)
        text = b"EXPLAIN (ANALYZE, TIMING off, FORMAT json) " + statement.text
        explained = Statement(statement.name + b" explained", text, statement.kinds)
        (((plan,),),) = self._connection.ask(explained, *arguments)
        self.visited += _visited(plan["Plan"])
        return list(self._connection.ask(statement, *arguments))


def _visited(node: dict[str, Any]) -> int:
    """The rows that a plan's nodes gave or threw away."""
    removed = sum(count for name, count in node.items() if name.startswith("Rows Removed"))
    here = (node["Actual Rows"] + removed) * node["Actual Loops"]
    return int(here) + sum(map(_visited, node.get("Plans", ())))


@dataclass(frozen=True)
class Cost:
    """The statements of a list, the rows visited for it and the keys derived for it."""

    statements: list[bytes]
    visited: int
    derived: int


def cost(town: Town, session: OpenSession, monkeypatch: pytest.MonkeyPatch) -> Cost:
    """The cost of listing a session's journeys once."""
    derived = []

    def counted(secret: bytes, use: bytes, salt: bytes) -> bytes:
        derived.append(use)
        return derive(secret, use, salt)

    monkeypatch.setattr(grant_format, "derive", counted)
    counting = Counting(town.connections)
    cards = CardLists(counting, town.services.network, town.house).cards(session, FACES, keys(town))
    assert cards
    return Cost(counting.asked, counting.visited, len(derived))


def test_a_journey_costs_a_list_the_same_among_few_and_among_many(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    few, many = 3, 15
    firsts, nexts = [], []
    for number in (few, many - few):
        for _ in range(number):
            opened(town, "cidff.un", "police")
        session = town.log_in("cidff.un")
        firsts.append(cost(town, session, monkeypatch))
        nexts.append(cost(town, session, monkeypatch))
    assert [each.statements for each in firsts] == [[b"cards", b"grants"]] * 2
    assert [each.statements for each in nexts] == [[b"cards"]] * 2
    for costs in (firsts, nexts):
        assert [each.derived for each in costs] == [few * len(FACES), many * len(FACES)]
        assert costs[1].visited / many < SLACK * costs[0].visited / few


def test_a_list_visits_no_journey_of_others(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    opened(town, "cidff.un")
    before = cost(town, town.log_in("cidff.un"), monkeypatch)
    for _ in range(6):
        opened(town, "social.un")
    after = cost(town, town.log_in("cidff.un"), monkeypatch)
    assert (after.statements, after.derived) == (before.statements, before.derived)
    assert after.visited < SLACK * before.visited
