"""Facts on which the charter decides: the asker, and its situation in one journey.

A fact that opens a door is false unless given; one that shuts a door must be given.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from domain.compartments import Compartment
from domain.network.members import Entitlement


class Relation(StrEnum):
    """The part that an institution takes in a journey."""

    NONE = "none"
    INVITED = "invited"
    PARTNER = "partner"
    LEAD = "lead"
    LEFT = "left"
    ON_CALL = "on_call"

    @property
    def takes_part(self) -> bool:
        """Whether it is invited, partner or lead: the person's information is shared with it."""
        return self in {Relation.INVITED, Relation.PARTNER, Relation.LEAD}

    @property
    def has_joined(self) -> bool:
        """Whether it is partner or lead: it may write."""
        return self in {Relation.PARTNER, Relation.LEAD}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """The referent who asks, with the institution: facts of the directory.

    ``institution_kind`` is one of the kinds of the schema (``Kind``); ``may`` holds ``Entitlement`` values. For
    ``HOLD``, ``OPEN_PAST``, ``PASS_KEY``, ``BE_INVITED`` and ``RECEIVE_SUMMARY`` the charter is asked about the
    institution, and ``referent_signed`` and ``suspended`` weigh nothing. Raises ``ValueError`` for an unknown
    entitlement.
    """

    institution_kind: str
    may: frozenset[str]
    gateway: bool
    works_with_author: bool
    institution_signed: bool
    referent_signed: bool
    suspended: bool
    excluded: bool

    def __post_init__(self) -> None:
        for entitlement in self.may:
            Entitlement(entitlement)


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """The situation of the asker in one journey or towards one newcomer today: facts of the frame and of the directory.

    shut_out: excluded for a conflict of interest, or the institution is restricted and the
        referent not among those named (11.1).
    consent: what the person agreed to share with this partner, in force today (8.2).
    ground_scope: what is shared with this partner without consent, on a ground (8.3).
    includes_past: that basis also opens what was written before (8.2).
    takes_part_in_care: cares for this person (5.2).
    works_with_person: works with the same person or family (5.1).
    designated_coordinator: the one coordinator designated for this journey (5.1).
    shelters: houses the person (6.2).
    address_hidden, listed: an order hides the address; this holder is on its list (6.2).
    person_informed: information given is recorded, or deferred with its reason (8.1).
    has_open_task: something on this journey waits for this referent (3.1).
    purpose: why the referent consults, a code of the closed list (3.1).
    is_author_institution: of the entry, or of the part of a summary, concerned (9.2, 14.2).
    is_composer: this referent composed the summary; presumed, unless said otherwise (14.2).
    is_approved: every part and the frame of the summary are approved (14.2).
    is_addressee: the summary is addressed to this institution (14.1).
    within_requisition: the entry is in the requisition's scope; ``None`` without a requisition (14.3).
    is_own_institution: the newcomer would be a referent of the asker's institution (2.2).
    has_no_member: the newcomer's institution has no referent who may be given keys (2.2).
    desk_has_key: the on-call desk has a key already (12.1).
    """

    relation: Relation
    shut_out: bool
    state: Literal["open", "closed"]
    address_hidden: bool
    consent: frozenset[Compartment] = frozenset()
    ground_scope: frozenset[Compartment] = frozenset()
    includes_past: bool = False
    takes_part_in_care: bool = False
    works_with_person: bool = False
    designated_coordinator: bool = False
    shelters: bool = False
    listed: bool = False
    person_informed: bool = False
    has_open_task: bool = False
    purpose: str | None = None
    is_author_institution: bool = False
    is_composer: bool = True
    is_approved: bool = False
    is_addressee: bool = False
    within_requisition: bool | None = None
    is_own_institution: bool = False
    has_no_member: bool = False
    desk_has_key: bool = False


NO_PART = Situation(relation=Relation.NONE, shut_out=False, state="open", address_hidden=False)
"""The situation of an asker that takes no part, or asks for a journey that does not exist."""
