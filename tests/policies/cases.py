"""The expected decisions, written by hand from the charter: ``tests/charter_expected.csv``."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from domain.compartments import Compartment
from policies.charter import Act, Asker, Charter, Decision, Relation, Request, Situation

CHARTER_FOLDER = Path(__file__).parents[2] / "policies"
EXPECTED = Path(__file__).parents[1] / "charter_expected.csv"


@dataclass(frozen=True, slots=True)
class Case:
    """One line of the table: a request, the answer, and its articles."""

    line: int
    request: Request
    allowed: bool
    articles: tuple[str, ...]
    why: str

    def decision(self, charter: Charter) -> Decision:
        """What the charter answers."""
        request = self.request
        return charter.decide(
            request.act, request.asker, request.situation, request.compartment, request.ground
        )

    def holds(self, charter: Charter) -> bool:
        """Whether the charter answers as the line says."""
        decision = self.decision(charter)
        return (decision.allowed, decision.articles) == (self.allowed, self.articles)


def expected_cases() -> list[Case]:
    """Every line of the table. Raises ``ValueError`` on a word that it does not know."""
    with EXPECTED.open(encoding="utf-8", newline="") as file:
        return list(_cases(csv.DictReader(file, strict=True)))


def _cases(rows: "csv.DictReader[str]") -> Iterator[Case]:
    for row in rows:
        compartment = Compartment(row["compartment"]) if row["compartment"] else None
        request = Request(
            Act(row["act"]), _asker(row), _situation(row), compartment, row["ground"] or None
        )
        allowed = {"allow": True, "refuse": False}[row["expected"]]
        yield Case(rows.line_num, request, allowed, tuple(row["article"].split()), row["why"])


def _asker(row: dict[str, str]) -> Asker:
    flags = _words(
        row["flags"],
        "gateway works_with_author institution_unsigned referent_unsigned suspended excluded",
    )
    return Asker(
        institution_kind=row["kind"],
        may=frozenset(row["may"].split()),
        gateway="gateway" in flags,
        works_with_author="works_with_author" in flags,
        institution_signed="institution_unsigned" not in flags,
        referent_signed="referent_unsigned" not in flags,
        suspended="suspended" in flags,
        excluded="excluded" in flags,
    )


def _situation(row: dict[str, str]) -> Situation:
    facts = _words(
        row["facts"],
        "shut_out address_hidden listed includes_past takes_part_in_care works_with_person "
        "designated_coordinator shelters person_informed has_open_task purpose not_composer "
        "is_author_institution is_approved is_addressee within_requisition outside_requisition "
        "is_own_institution has_no_member desk_has_key",
    )
    kind, _, named = row["consent"].rpartition(":")
    scope = frozenset(Compartment) if named == "all" else frozenset(map(Compartment, named.split()))
    return Situation(
        relation=Relation(row["relation"]),
        shut_out="shut_out" in facts,
        state=_state(row["state"]),
        address_hidden="address_hidden" in facts,
        consent=frozenset() if kind == "ground" else scope,
        ground_scope=scope if kind == "ground" else frozenset(),
        includes_past="includes_past" in facts,
        takes_part_in_care="takes_part_in_care" in facts,
        works_with_person="works_with_person" in facts,
        designated_coordinator="designated_coordinator" in facts,
        shelters="shelters" in facts,
        listed="listed" in facts,
        person_informed="person_informed" in facts,
        has_open_task="has_open_task" in facts,
        purpose="ongoing_work" if "purpose" in facts else None,
        is_author_institution="is_author_institution" in facts,
        is_composer="not_composer" not in facts,
        is_approved="is_approved" in facts,
        is_addressee="is_addressee" in facts,
        within_requisition=_requisition(facts),
        is_own_institution="is_own_institution" in facts,
        has_no_member="has_no_member" in facts,
        desk_has_key="desk_has_key" in facts,
    )


def _state(word: str) -> Literal["open", "closed"]:
    if word == "open":
        return "open"
    if word == "closed":
        return "closed"
    raise ValueError(word)


def _requisition(facts: frozenset[str]) -> bool | None:
    if "within_requisition" in facts:
        return True
    return False if "outside_requisition" in facts else None


def _words(text: str, known: str) -> frozenset[str]:
    words = frozenset(text.split())
    if not words <= frozenset(known.split()):
        raise ValueError(text)
    return words
