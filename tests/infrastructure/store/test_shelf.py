"""The list of one's journeys: the cards that a session can open, without opening a journey."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

from application.door.journey import signing_keys
from domain.cards import FRAME_FACE, IDENTITY_FACE
from domain.journey.card import FrameCard, IdentityCard
from infrastructure.formats.card import OpenedCard
from infrastructure.store.shelf import Shelf
from tests.telling.journeys import open_journey, share
from tests.telling.town import Town, ambre

FACES = (FRAME_FACE, IDENTITY_FACE)


def keys(town: Town) -> dict[UUID, bytes]:
    return signing_keys(town.installation.directory.current())


def listed(town: Town, login: str, faces: tuple[int, ...] = FACES) -> list[OpenedCard]:
    """The cards that a fresh session of somebody opens."""
    return list(town.services.shelf.cards(town.log_in(login), faces, keys(town)))


def test_one_sees_the_cards_of_the_journeys_that_one_takes_part_in(town: Town) -> None:
    first, second = open_journey(town), open_journey(town)
    share(town, first, "police")
    assert {(card.originator, card.face) for card in listed(town, "cidff.un")} == {
        (journey, face) for journey in (first, second) for face in FACES
    }
    assert {card.originator for card in listed(town, "police.un")} == {first}
    assert listed(town, "hopital.un") == []


def test_a_card_says_what_it_was_made_of(town: Town) -> None:
    journey = open_journey(town)
    loaded = town.services.journeys.load(town.log_in("cidff.un"), journey, lambda _: keys(town))
    shown = IdentityCard(known_as=ambre().known_as)
    assert listed(town, "cidff.un", (IDENTITY_FACE,)) == [
        OpenedCard(journey, IDENTITY_FACE, loaded.version, shown)
    ]
    (frame,) = listed(town, "cidff.un", (FRAME_FACE,))
    assert isinstance(frame.content, FrameCard)


def test_what_was_opened_once_is_known_to_the_session(town: Town) -> None:
    """The second time no signing key is asked for: nothing is left to check."""
    journey = open_journey(town)
    session, shelf = town.log_in("cidff.un"), town.services.shelf
    assert session.known_epochs(journey) == {}
    before = shelf.cards(session, FACES, keys(town))
    assert session.known_epochs(journey)
    assert shelf.cards(session, FACES, {}) == before
    # and a session that has not opened them believes no unknown signature
    assert shelf.cards(town.log_in("cidff.un"), FACES, {}) == []


class Answering:
    """A database that answers with another holder's grants."""

    def __init__(self, town: Town) -> None:
        self._town = town

    @contextmanager
    def connection(self) -> Iterator[Any]:
        with self._town.connections.connection() as connection:
            self._connection = connection
            yield self

    def execute(self, statement: str, arguments: tuple[Any, ...]) -> Any:
        self._found = self._connection.execute(statement, arguments).fetchall()
        return self

    def fetchall(self) -> list[tuple[Any, ...]]:
        return [(*row[:5], uuid4(), *row[6:]) for row in self._found]


def test_a_grant_that_was_not_asked_for_opens_nothing(town: Town) -> None:
    open_journey(town)
    shelf = Shelf(Answering(town), town.services.network, town.house)
    assert shelf.cards(town.log_in("cidff.un"), FACES, keys(town)) == []
