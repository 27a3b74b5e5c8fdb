"""The facts that the charter decides on: who asks, and how they stand towards a journey."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from application.ports import Session
from domain.grounds import Ground
from domain.journey.capacities import Capacity
from domain.journey.journey import Journey
from domain.journey.partners import Participation
from domain.network.members import Institution, Standing
from domain.network.network import Network
from policies.charter import Asker, Relation, Situation


def asker_of(network: Network, institution: Institution, referent: UUID | None) -> Asker:
    """The facts of an asker: an institution, and its referent if a person acts."""
    standings = [network.standing_of(institution.id)]
    if referent is not None:
        standings.append(network.standing_of(referent))
    return Asker(
        institution_kind=institution.kind,
        may=institution.may,
        gateway=institution.gateway,
        works_with_author=institution.works_with_author,
        institution_signed=network.has_signed(institution.id),
        referent_signed=referent is None or network.has_signed(referent),
        suspended=Standing.SUSPENDED in standings,
        excluded=any(standing.is_over for standing in standings),
    )


def session_asker(network: Network, session: Session) -> Asker:
    """The facts of a session's referent, as the directory has them."""
    return asker_of(network, network.institutions[session.institution], session.referent)


def relation_of(journey: Journey, institution: UUID) -> Relation:
    """How an institution stands towards a journey."""
    partner = journey.partners.get(institution)
    if partner is None:
        return Relation.NONE
    if partner.participation is Participation.LEFT:
        return Relation.LEFT
    if institution == journey.lead:
        return Relation.LEAD
    if partner.participation is Participation.INVITED:
        return Relation.INVITED
    return Relation.PARTNER


def situation_of(
    journey: Journey, institution: Institution, day: date, **facts: object
) -> Situation:
    """The facts of an institution towards a journey on a day; ``facts`` are the act's own."""
    basis = journey.consent_of(institution.id, day)
    scope = basis.scope if basis else frozenset()
    by_consent = basis is not None and basis.ground == Ground.PERSON_CONSENT
    given: dict[str, object] = {
        "relation": relation_of(journey, institution.id),
        "shut_out": False,
        "state": "closed" if journey.is_closed else "open",
        "address_hidden": False,
        "consent": scope if by_consent else frozenset(),
        "ground_scope": frozenset() if by_consent else scope,
        "includes_past": basis is not None and basis.includes_past,
        "person_informed": True,
    }
    partner = journey.partners.get(institution.id)
    if partner is not None:
        given |= _doing(partner.acts_in)
    return Situation(**(given | facts))  # type: ignore[arg-type]


def session_situation(
    network: Network, session: Session, journey: Journey, at: datetime, **facts: object
) -> Situation:
    """The facts of a session's referent towards a journey; ``facts`` are the act's own."""
    institution = network.institutions[session.institution]
    awaits_us = any(entry.author.institution == institution.id for entry in journey.awaiting())
    partner = journey.partners.get(institution.id)
    is_invited = partner is not None and partner.participation is Participation.INVITED
    return situation_of(
        journey,
        institution,
        network.day(at),
        shut_out=journey.is_shut_out(session.referent),
        has_open_task=awaits_us or is_invited,
        **facts,
    )


def acting(situation: Situation, acts_in: Callable[[Capacity], bool]) -> Situation:
    """The same situation of an institution that acts in these capacities, and in no other."""
    return replace(situation, **_doing(acts_in))


def _doing(acts_in: Callable[[Capacity], bool]) -> dict[str, Any]:
    """The capacities of an institution, as the charter asks for them."""
    return {
        "takes_part_in_care": acts_in(Capacity.CARE),
        "works_with_person": acts_in(Capacity.SOCIAL_ACTION),
        "shelters": acts_in(Capacity.SHELTER),
    }
