"""Listing one's journeys."""

from dataclasses import dataclass
from uuid import UUID

from application.door.journey import signing_keys
from application.door.network import enter_network
from application.door.services import Services
from application.gateway.on_call import hand_over
from application.ports import Session
from domain.cards import Face
from domain.journey.card import FrameCard, IdentityCard
from policies.charter import Act


@dataclass(frozen=True, slots=True)
class JourneyRow:
    """One line of a referent's list."""

    journey: UUID
    version: int
    frame: FrameCard
    known_as: str | None


def my_journeys(services: Services, session: Session) -> list[JourneyRow]:
    """The journeys that the referent's institution takes part in: one ledger entry, and no consult.

    A referent on call first hands over what waits at the desk: an entry for each journey that it concerns.
    """
    entered = enter_network(services, session, Act.LIST_JOURNEYS)
    hand_over(services, session)
    network = services.directory.current()
    services.entrance.read_epochs(session, None)
    cards = services.cards.cards(session, (Face.IDENTITY, Face.FRAME), signing_keys(network))
    names = {
        card.originator: card.content.known_as
        for card in cards
        if isinstance(card.content, IdentityCard)
    }
    rows = [
        JourneyRow(card.originator, card.version, card.content, names.get(card.originator))
        for card in cards
        if isinstance(card.content, FrameCard) and session.institution in card.content.partners
    ]
    rows = [row for row in rows if row.frame.partners[session.institution] != "left"]
    entered.note(details={"count": str(len(rows))})
    # All that were opened: a card of a journey that is not the reader's to list is not opened anew on each page.
    services.entrance.save_epochs(session, {card.originator for card in cards})
    return rows
