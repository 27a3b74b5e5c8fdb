"""Acts of a referent on a journey, through the use cases of the pages. ``who`` is a login, or a session."""

from typing import Any
from uuid import UUID

from application.door.journey import Entered
from application.referent import opening, reading, restricting, sharing, writing
from domain.compartments import Compartment
from domain.journey.capacities import Capacity
from domain.journey.partners import Basis
from infrastructure.formats.session import OpenSession
from tests.telling.town import Town, action, ambre, consent, informed

NOTHING: frozenset[Capacity] = frozenset()


def session_of(town: Town, who: str | OpenSession) -> OpenSession:
    """The session of a login, opened when first asked for; a session as it is."""
    return town.who(who) if isinstance(who, str) else who


def open_journey(
    town: Town,
    who: str | OpenSession = "cidff.un",
    *,
    contact: str = "SMS, 9 h",
    level: str | None = None,
    danger: str = "",
    does: frozenset[Capacity] = NOTHING,
) -> UUID:
    """Open a journey of Mme Ambre V.; ``does`` is what the opener's institution does for her."""
    session = session_of(town, who)
    told = informed(town.clock().date())
    new = opening.NewJourney(told, ambre(), contact, level, danger, does)
    return opening.open_journey(town.services, session, new)


def invite(
    town: Town,
    who: str | OpenSession,
    journey: UUID,
    institution: str,
    basis: Basis | None = None,
    does: frozenset[Capacity] = NOTHING,
) -> None:
    """Invite an institution, by the person's consent unless another basis is given."""
    invited = town.institutions[institution].id
    sharing.invite(
        town.services, session_of(town, who), journey, invited, basis or consent(), None, does
    )


def accept(town: Town, who: str | OpenSession, journey: UUID) -> None:
    """Accept the invitation to a journey."""
    sharing.answer_invitation(town.services, session_of(town, who), journey, None)


def share(
    town: Town,
    journey: UUID,
    *institutions: str,
    by: str | OpenSession = "cidff.un",
    basis: Basis | None = None,
) -> None:
    """Invite institutions, and let the first referent of each accept."""
    for institution in institutions:
        invite(town, by, journey, institution, basis)
        accept(town, f"{institution}.un", journey)


def append(
    town: Town,
    who: str | OpenSession,
    journey: UUID,
    text: str = "Entretien.",
    compartment: Compartment = Compartment.FOLLOW_UP,
    kind: str = "interview",
    **facts: Any,
) -> int:
    """Append an action of today; returns the entry's version."""
    session = session_of(town, who)
    content = action(text, town.clock().date(), kind, **facts)
    return writing.append_action(town.services, session, journey, compartment, content, None)


def read(
    town: Town, who: str | OpenSession, journey: UUID, purpose: str | None = "ongoing_work"
) -> Entered:
    """Consult a journey."""
    return reading.read_journey(town.services, session_of(town, who), journey, purpose)


def keep_apart(town: Town, who: str | OpenSession, journey: UUID, *logins: str) -> None:
    """Keep referents of one institution apart from a journey."""
    institution = town.institutions[logins[0].partition(".")[0]].id
    shut_out = frozenset(town.referents[login] for login in logins)
    restricting.restrict(town.services, session_of(town, who), journey, institution, shut_out)


def give_consent(
    town: Town, who: str | OpenSession, journey: UUID, institution: str, basis: Basis
) -> None:
    """Record another basis for a partner, in force from now."""
    partner = town.institutions[institution].id
    sharing.give_consent(town.services, session_of(town, who), journey, partner, basis)


def withdraw_consent(town: Town, who: str | OpenSession, journey: UUID, institution: str) -> None:
    """Record that the person withdrew her consent for a partner."""
    partner = town.institutions[institution].id
    sharing.withdraw_consent(town.services, session_of(town, who), journey, partner)
