"""Events of a summary that tests begin with, and any sequence of its commands."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from domain.compartments import Compartment
from domain.summary.approvals import approve_frame, approve_part, refuse_frame, refuse_part
from domain.summary.groups import regroup
from domain.summary.parts import SummaryItem, add_part, name_missing
from domain.summary.release import open_copy, release_copy
from domain.summary.summary import Requisition, Summary
from tests.domain.given import NOW, TODAY, Call, Commands, Fact, Given, author, fact, named

DAY = timedelta(days=1)
COMPOSER = author("Nadia", "CIDFF")
COLLEAGUE = author("Inès", "CIDFF")
POLICE = author("Marc", "police")
COORDINATION = author("Rémi", "coordination")
JUDGE = author("Delphine", "bench")
SCOPE = frozenset({Compartment.FOLLOW_UP, Compartment.HEALTH, Compartment.DANGER})
REQUISITION = Requisition("2026/1143", "Mme Aubertin", TODAY - DAY, SCOPE)
ITEM = SummaryItem(3, "interview", "Madame dit : « il me suit ».", TODAY, NOW, "Nadia Ferrand")
SECOND = replace(ITEM, version=7)


def drafted(requisition: Requisition | None = None) -> Fact:
    return fact(
        "SummaryDrafted",
        network=named("Chalon"),
        journey=named("journey"),
        number="S-2026-0007",
        author=COMPOSER,
        recipient=named("bench"),
        requisition=requisition,
        groups={},
    )


def part(
    index: int = 0,
    compartment: Compartment = Compartment.FOLLOW_UP,
    ground: str = "person_consent",
    of: str = "CIDFF",
    *items: SummaryItem,
) -> tuple[Fact, Fact]:
    common: dict[str, Any] = {
        "author": COMPOSER,
        "part": index,
        "author_institution": named(of),
        "compartment": compartment,
        "ground": ground,
    }
    chosen = items or (ITEM,)
    return (
        fact("PartDeclared", **common, count=len(chosen)),
        fact("PartAdded", **common, items=chosen),
    )


def missing(count: int, of: str | None = None) -> Fact:
    return fact(
        "PartMissing",
        author=COMPOSER,
        author_institution=named(of) if of else None,
        compartment=Compartment.FOLLOW_UP,
        count=count,
    )


APPROVED = fact("PartApproved", author=COLLEAGUE, part=0)
REFUSED = fact("PartRefused", author=COLLEAGUE, part=0, reason="wrong_facts")
FRAMED = fact("FrameApproved", author=COORDINATION)
RELEASED = fact("SummaryReleased", author=COMPOSER, copy_number=1, until=None)
OPENED = fact("SummaryOpened", author=JUDGE)


def given_summary(*past: Fact, requisition: Requisition | None = None) -> Given[Summary]:
    return Given(Summary, drafted(requisition), *past)


def locks_of(summary: Summary) -> list[int]:
    """The locks of the events that wait to be stored."""
    waiting: Any = summary.collect_events()
    return [event.lock for event in waiting]


def adding(**changed: Any) -> Call:
    arguments = {
        "author": COMPOSER,
        "author_institution": named("CIDFF"),
        "compartment": Compartment.FOLLOW_UP,
        "ground": "person_consent",
        "items": [ITEM],
        "approvers": [COMPOSER.referent, COLLEAGUE.referent],
        "at": NOW,
    }
    return Call(add_part, {**arguments, **changed})


READY = (*part(), APPROVED, FRAMED)


def drafting(**changed: Any) -> Summary:
    arguments: dict[str, Any] = {
        "network": named("Chalon"),
        "journey": named("journey"),
        "number": "S-2026-0007",
        "author": COMPOSER,
        "recipient": named("bench"),
        "requisition": REQUISITION,
        "at": NOW,
    }
    return Summary.draft(**{**arguments, **changed})


authors = st.sampled_from([COMPOSER, COLLEAGUE, POLICE, COORDINATION, JUDGE])
institutions = st.sampled_from([named("CIDFF"), named("police")])
moments = st.sampled_from([NOW, NOW + 2 * DAY])
indexes = st.integers(0, 2)
coordination = st.sampled_from([named("coordination"), named("CIDFF")])
reasons = st.sampled_from(["wrong_facts", "une phrase"])
COMMANDS: Commands = {
    add_part: {
        "author": authors,
        "author_institution": institutions,
        "compartment": st.sampled_from(Compartment),
        "ground": st.sampled_from(["person_consent", "council_ground", "requisition"]),
        "items": st.lists(st.sampled_from([ITEM, SECOND]), max_size=2),
        "approvers": st.just([COMPOSER.referent, COLLEAGUE.referent, POLICE.referent]),
        "at": moments,
    },
    name_missing: {
        "author": authors,
        "author_institution": st.none() | institutions,
        "compartment": st.sampled_from(Compartment),
        "count": st.integers(-1, 3),
        "at": moments,
    },
    approve_part: {"author": authors, "part": indexes, "at": moments},
    refuse_part: {"author": authors, "part": indexes, "reason": reasons, "at": moments},
    approve_frame: {"author": authors, "coordination": coordination, "at": moments},
    refuse_frame: {
        "author": authors,
        "coordination": coordination,
        "reason": reasons,
        "at": moments,
    },
    release_copy: {
        "author": authors,
        "copy_number": st.integers(0, 2),
        "at": moments,
        "until": st.sampled_from([None, TODAY - DAY, TODAY + DAY]),
    },
    open_copy: {"author": authors, "at": moments},
    regroup: {
        "author": authors,
        "groups": st.dictionaries(institutions, institutions, max_size=2),
        "at": moments,
    },
}
BEGINNINGS: list[list[Call]] = [
    [],
    [adding(), Call(approve_part, {"author": COLLEAGUE, "part": 0, "at": NOW})],
    [
        adding(),
        Call(approve_part, {"author": COLLEAGUE, "part": 0, "at": NOW}),
        Call(
            approve_frame,
            {"author": COORDINATION, "coordination": named("coordination"), "at": NOW},
        ),
    ],
]
