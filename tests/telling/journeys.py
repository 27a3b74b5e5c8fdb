"""Acts of people on a journey, through the use cases of the pages. ``who`` is a login, or a session."""

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

from application.door.journey import Entered
from application.door.services import Services
from application.ports import Session
from application.referent import capacities, opening, reading, restricting, sharing, writing
from domain.compartments import Compartment
from domain.journey.capacities import Capacity
from domain.journey.partners import Basis
from infrastructure.formats.session import OpenSession
from tests.telling.town import Town, action, ambre, consent, informed

P = ParamSpec("P")
R = TypeVar("R")

NOTHING: frozenset[Capacity] = frozenset()


def session_of(town: Town, who: str | OpenSession) -> OpenSession:
    """The session of a login, opened when first asked for; a session as it is."""
    return town.who(who) if isinstance(who, str) else who


def act_as(
    town: Town,
    who: str | OpenSession,
    act: Callable[Concatenate[Services, Session, P], R],
    *arguments: P.args,
    **named: P.kwargs,
) -> R:
    """Let somebody do any act: a use case, without its services and session."""
    return act(town.services, session_of(town, who), *arguments, **named)


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
    told = informed(town.clock().date())
    new = opening.NewJourney(told, ambre(), contact, level, danger, does)
    return act_as(town, who, opening.open_journey, new)


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
    act_as(town, who, sharing.invite, journey, invited, basis or consent(), None, does)


def accept(town: Town, who: str | OpenSession, journey: UUID) -> None:
    """Accept the invitation to a journey."""
    act_as(town, who, sharing.answer_invitation, journey, None)


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


def append_action(
    town: Town,
    who: str | OpenSession,
    journey: UUID,
    text: str = "Entretien.",
    compartment: Compartment = Compartment.FOLLOW_UP,
    kind: str = "interview",
    **facts: Any,
) -> int:
    """Append an action of today; returns the entry's version."""
    content = action(text, town.clock().date(), kind, **facts)
    return act_as(town, who, writing.append_action, journey, compartment, content, None)


def journey_under_way(town: Town, *partners: str) -> UUID:
    """A journey of the CIDFF with a level of danger, an action done and one planned, shared with partners."""
    # In a town that lives on, groups have been renewed since somebody logged in.
    town.sessions.clear()
    journey = open_journey(town, contact="SMS le matin", level="high", danger="Menaces répétées.")
    append_action(town, "cidff.un", journey, "Reçue ce matin à la permanence.")
    today = town.clock().date()
    append_action(town, "cidff.un", journey, "Rappeler par SMS.", kind="phone_call", due=today)
    share(town, journey, *partners)
    return journey


def read_journey(
    town: Town, who: str | OpenSession, journey: UUID, purpose: str | None = "ongoing_work"
) -> Entered:
    """Consult a journey."""
    return act_as(town, who, reading.read_journey, journey, purpose)


def keep_apart(town: Town, who: str | OpenSession, journey: UUID, *logins: str) -> None:
    """Keep referents of one institution apart from a journey."""
    institution = town.institutions[logins[0].partition(".")[0]].id
    shut_out = frozenset(town.referents[login] for login in logins)
    act_as(town, who, restricting.restrict, journey, institution, shut_out)


def give_consent(
    town: Town, who: str | OpenSession, journey: UUID, institution: str, basis: Basis
) -> None:
    """Record another basis for a partner, in force from now."""
    partner = town.institutions[institution].id
    act_as(town, who, sharing.give_consent, journey, partner, basis)


def withdraw_consent(town: Town, who: str | OpenSession, journey: UUID, institution: str) -> None:
    """Record that the person withdrew her consent for a partner."""
    partner = town.institutions[institution].id
    act_as(town, who, sharing.withdraw_consent, journey, partner)


def state_capacities(
    town: Town, who: str | OpenSession, journey: UUID, institution: str, does: frozenset[Capacity]
) -> None:
    """State what an institution does for the person."""
    act_as(town, who, capacities.state_capacities, journey, town.institutions[institution].id, does)
