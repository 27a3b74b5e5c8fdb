"""What a referent does: list their journeys."""

from dataclasses import dataclass
from uuid import UUID

from application.door.journey import permit, signing_keys
from application.door.services import Services
from application.gateway.on_call import hand_over
from application.ports import Session
from domain.access import Access
from domain.cards import FRAME_FACE, IDENTITY_FACE
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

    Somebody on call hands over first what waits at the desk: an entry for each journey that it concerns.
    """
    decision = permit(services, session, Act.LIST_JOURNEYS)
    hand_over(services, session)
    network = services.directory.current()
    services.entrance.read_epochs(session, None)
    cards = services.cards.cards(session, (IDENTITY_FACE, FRAME_FACE), signing_keys(network))
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
    services.ledger.note(
        session,
        Access(
            act=Act.LIST_JOURNEYS.value,
            at=services.clock(),
            articles=decision.articles,
            policies=decision.policies,
            details={"count": str(len(rows))},
        ),
    )
    # All that were opened: a card of a journey that is not the reader's to list is not opened anew on each page.
    services.entrance.save_epochs(session, {card.originator for card in cards})
    return rows
