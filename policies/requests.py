"""Questions to the charter, in the form that the Cedar engine takes."""

import json
from dataclasses import dataclass
from typing import Any, TypeAlias

from domain.compartments import Compartment
from domain.grounds import Ground
from domain.network.members import Entitlement
from policies.acts import OF_MEMBERSHIP, Act, Concern
from policies.facts import NO_PART, Asker, Relation, Situation

Subject: TypeAlias = tuple[Act, Compartment | None]
Facts: TypeAlias = dict[str, bool]


@dataclass(frozen=True, slots=True)
class Request:
    """One question to the charter. Raises ``ValueError`` if the compartment does not fit the act."""

    act: Act
    asker: Asker
    situation: Situation | None = None
    compartment: Compartment | None = None
    ground: str | None = None

    def __post_init__(self) -> None:
        if (self.act.concerns is Concern.COMPARTMENT) != (self.compartment is not None):
            raise ValueError(f"{self.act}: a compartment is given for acts on compartments, only")

    @property
    def subject(self) -> Subject:
        """The act and the compartment: the scope of a policy names these two."""
        return self.act, self.compartment


def cedar_subject(act: Act, compartment: Compartment | None) -> dict[str, Any]:
    """Write the action and the resource of a question."""
    concern = act.concerns
    resource = compartment.value if compartment else concern.lower()
    return {
        "action": {"type": "Action", "id": act.value},
        "resource": {"type": concern.value, "id": resource},
    }


def cedar_request(request: Request) -> dict[str, Any]:
    """Write a whole question; the context holds the facts that the schema wants for the act."""
    return {
        "principal": {"type": "Kind", "id": request.asker.institution_kind},
        **cedar_subject(*request.subject),
        "context": json.dumps(_context(request)),
    }


def _context(request: Request) -> dict[str, Any]:
    act, asker, situation = request.act, request.asker, request.situation or NO_PART
    context: dict[str, Any] = {
        "asker": _asker(asker),
        "situation": _situation(situation),
    }
    if request.compartment is not None:
        context["may"] = {
            entitlement.name.lower(): entitlement.value in asker.may for entitlement in Entitlement
        }
        context["sharing"] = _sharing(situation, request.compartment)
        ground = request.ground or Ground.NONE.value
        context["ground"] = {"__entity": {"type": "Ground", "id": ground}}
    elif act.concerns is not Concern.SUMMARY:
        context["errand"] = _errand(situation)
    if act in OF_MEMBERSHIP:
        context["membership"] = _membership(situation)
    if act is Act.INCLUDE_IN_SUMMARY or act.concerns in {Concern.JOURNEY, Concern.SUMMARY}:
        context["summing"] = _summing(situation)
    return context


def _asker(asker: Asker) -> Facts:
    return {
        "gateway": asker.gateway,
        "works_with_author": asker.works_with_author,
        "institution_signed": asker.institution_signed,
        "referent_signed": asker.referent_signed,
        "suspended": asker.suspended,
        "excluded": asker.excluded,
    }


def _situation(situation: Situation) -> Facts:
    return {
        "takes_part": situation.relation.takes_part,
        "has_joined": situation.relation.has_joined,
        "leads": situation.relation is Relation.LEAD,
        "on_call": situation.relation is Relation.ON_CALL,
        "shut_out": situation.shut_out,
        "closed": situation.state == "closed",
        "shared_with": bool(situation.consent or situation.ground_scope),
        "is_author_institution": situation.is_author_institution,
    }


def _errand(situation: Situation) -> Facts:
    return {
        "person_informed": situation.person_informed,
        "has_open_task": situation.has_open_task,
        "purpose_given": bool(situation.purpose),
    }


def _membership(situation: Situation) -> Facts:
    return {
        "is_own_institution": situation.is_own_institution,
        "has_no_member": situation.has_no_member,
        "desk_has_key": situation.desk_has_key,
    }


def _sharing(situation: Situation, compartment: Compartment) -> Facts:
    in_consent = compartment in situation.consent
    return {
        "in_scope": in_consent or compartment in situation.ground_scope,
        "in_consent": in_consent,
        "includes_past": situation.includes_past,
        "takes_part_in_care": situation.takes_part_in_care,
        "works_with_person": situation.works_with_person,
        "designated_coordinator": situation.designated_coordinator,
        "shelters": situation.shelters,
        "address_hidden": situation.address_hidden,
        "listed": situation.listed,
    }


def _summing(situation: Situation) -> Facts:
    return {
        "is_composer": situation.is_composer,
        "is_approved": situation.is_approved,
        "is_addressee": situation.is_addressee,
        "under_requisition": situation.within_requisition is not None,
        "within_requisition": bool(situation.within_requisition),
    }
