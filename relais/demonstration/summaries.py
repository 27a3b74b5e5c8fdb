"""The judicial summaries of the demonstration, over entries of its stories. Data alone."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from importlib import resources
from typing import Any

from domain.compartments import Compartment
from domain.summary.summary import Requisition
from domain.territory import ZONE
from relais.demonstration.outlines import network
from relais.demonstration.steps import (
    ActionStep,
    ConsentStep,
    LeaveStep,
    Step,
    Story,
    WithdrawConsentStep,
    WithdrawStep,
)
from relais.founding.network_plan import NetworkPlan


@dataclass(frozen=True, slots=True)
class ApprovalPlan:
    """The approval of the entries of an institution (its code); ``at`` is None while it is awaited."""

    institution: str
    who: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class SummaryPlan:
    """A summary of the journey ``known_as``: its entries by their labels, and how far it has come.

    ``frame`` is the coordination's approval; ``released_at``, ``opened_by`` and ``opened_at`` are
    None until that has happened.
    """

    number: str
    known_as: str
    composer: str
    recipient: str
    requisition: Requisition
    drafted_at: datetime
    entries: tuple[str, ...]
    approvals: tuple[ApprovalPlan, ...]
    frame: ApprovalPlan
    released_at: datetime | None = None
    opened_by: str | None = None
    opened_at: datetime | None = None


def summaries(today: date, told: Sequence[Story]) -> list[SummaryPlan]:
    """The summaries, over stories told for the same day."""
    source = resources.files("relais.demonstration").joinpath("summaries.toml")
    rows = tomllib.loads(source.read_text("utf-8"))["summary"]
    known = {story.known_as: story for story in told}
    institutions = network()
    return [_summary(row, today, known[row["story"]], institutions) for row in rows]


def _summary(
    row: Mapping[str, Any], today: date, story: Story, institutions: NetworkPlan
) -> SummaryPlan:
    drafted_at = _at(today, row["drafted"], 10)
    scope = [Compartment(name) for name in row["scope"]]
    gone = _gone(story, drafted_at, institutions)
    present = [
        step
        for step in story.steps
        if step.at < drafted_at and institutions.institution_of(step.who).code not in gone
    ]
    entries = _chosen(present, _withdrawn(story), scope, row["most"])
    approvals = tuple(
        ApprovalPlan(
            code,
            _approver(code, entries, row["composer"], institutions),
            drafted_at + timedelta(hours=26)
            if row["approved"] == "all" or code in row["approved"]
            else None,
        )
        for code in _authors(entries, institutions)
    )
    frame = ApprovalPlan(
        "coordination",
        institutions.institution("coordination").referents[0].login,
        drafted_at + timedelta(hours=49) if row["approved"] == "all" else None,
    )
    asked = row["requisition"]
    return SummaryPlan(
        number=row["number"],
        known_as=story.known_as,
        composer=row["composer"],
        recipient=row["recipient"],
        requisition=Requisition(
            asked["number"],
            asked["magistrate"],
            today - timedelta(days=asked["issued"]),
            frozenset(scope),
        ),
        drafted_at=drafted_at,
        entries=tuple(entry.label for entry in entries),
        approvals=approvals,
        frame=frame,
        released_at=_at(today, row["released"], 14) if "released" in row else None,
        opened_by=row.get("opened_by"),
        opened_at=_at(today, row["opened"], 9) if "opened" in row else None,
    )


def _gone(story: Story, before: datetime, institutions: NetworkPlan) -> set[str]:
    """The institutions that take no part any more: they could approve nothing."""
    gone: set[str] = set()
    for step in story.steps:
        if step.at >= before:
            break
        if isinstance(step, LeaveStep):
            gone.add(institutions.institution_of(step.who).code)
        elif isinstance(step, WithdrawConsentStep):
            gone.add(step.institution)
        elif isinstance(step, ConsentStep):
            gone.discard(step.institution)
    return gone


def _withdrawn(story: Story) -> set[str]:
    return {step.label for step in story.steps if isinstance(step, WithdrawStep)}


def _chosen(
    steps: Iterable[Step], withdrawn: set[str], scope: Sequence[Compartment], most: int
) -> list[ActionStep]:
    """Entries of the scope, taken in turn from each author so that several are quoted; in order of time."""
    left = [
        step
        for step in steps
        if isinstance(step, ActionStep)
        and step.compartment in scope
        and not step.deposit
        and step.label not in withdrawn
    ]
    # The scope's order first: the requisition's main subject comes before the rest.
    left.sort(key=lambda step: scope.index(step.compartment))
    turns: dict[str, int] = {}
    ranked: list[tuple[int, int, ActionStep]] = []
    for place, step in enumerate(left):
        turns[step.who] = turns.get(step.who, 0) + 1
        ranked.append((turns[step.who], place, step))
    first = sorted(ranked, key=lambda ranked_step: ranked_step[:2])[:most]
    return sorted((step for _, _, step in first), key=lambda step: step.at)


def _authors(entries: Iterable[ActionStep], institutions: NetworkPlan) -> list[str]:
    return list(dict.fromkeys(institutions.institution_of(step.who).code for step in entries))


def _approver(
    code: str, entries: Iterable[ActionStep], composer: str, institutions: NetworkPlan
) -> str:
    """A referent of the institution who wrote an entry, or a colleague; never the composer (14.2)."""
    colleagues = [referent.login for referent in institutions.institution(code).referents]
    wrote = [step.who for step in entries if step.who in colleagues]
    return next(login for login in [*wrote, *colleagues] if login != composer)


def _at(today: date, days: int, hour: int) -> datetime:
    return datetime.combine(today - timedelta(days=days), time(hour, 20), ZONE)
