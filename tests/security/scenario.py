"""Everything that can be typed about a person or a journey, each value unique, so that it can be searched."""

import dataclasses
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, get_args, get_type_hints
from uuid import UUID, uuid4

from application.coordination import auditing as coordination
from application.coordination import framing
from application.coordination.auditing import AuditFilter
from application.door.refusing import Refused
from application.magistrate import received as magistrate
from application.referent import (
    approving,
    closing,
    composing,
    listing,
    opening,
    restricting,
    sharing,
    summaries,
    writing,
)
from application.visitor import entering as visitor
from domain.compartments import Compartment
from domain.journey.capacities import Capacity
from domain.journey.entries import Content
from domain.journey.journey import Information
from domain.journey.partners import Basis
from domain.journey.person import Person
from domain.refusals import Refusal
from domain.summary.summary import Requisition
from tests.telling.journeys import accept, act_as, give_consent, read_journey, withdraw_consent
from tests.telling.town import Town

TYPED = (Person, Content, Basis, Information, Requisition)
"""The values of the domain that hold what somebody typed about a person or a journey."""

CODED = frozenset(
    {
        "Content.kind",
        "Content.level",
        "Basis.ground",
        "Basis.purpose",
        "Information.manner",
        "Information.language",
        "Information.deferred_for",
    }
)
"""Their fields that hold a code of the catalogue: a word of our own code would be found everywhere."""

ARGUMENTS = frozenset(
    {
        "safe_contact",
        "danger_text",
        "reopen.reason",
        "action.follow_up",
        "action.danger",
        "action.social",
        "action.health",
        "action.shelter",
        "action.children",
        "action.proceedings",
        "correct.text",
        "refused.text",
        "passphrase",
    }
)
"""What is typed besides: into a use case itself, into each compartment, and what was refused."""


def typed_fields() -> Iterator[tuple[str, str]]:
    """Each field of ``TYPED`` that holds words or a day, and which of both."""
    for kind in TYPED:
        hints = get_type_hints(kind)
        for one in dataclasses.fields(kind):
            of = {hints[one.name], *get_args(hints[one.name])}
            name = f"{kind.__name__}.{one.name}"
            if name not in CODED and of & {str, date}:
                yield name, "day" if date in of else "words"


def _mark() -> str:
    """Letters that are no hexadecimal digits, since a dump is full of those."""
    return "".join(secrets.choice("ghjkmnpqrstuvwxyz") for _ in range(24))


@dataclass
class Planted:
    """The unique values, by the field that each was typed into. All words hold the ``mark``."""

    mark: str = field(default_factory=_mark)
    values: dict[str, str | date] = field(default_factory=dict)

    def words(self, name: str) -> str:
        """A word that stands nowhere else, between letters with an accent."""
        made = f"Étoile {self.mark}{len(self.values):04} ñ"
        self.values[name] = made
        return made

    def day(self, name: str, day: date) -> date:
        """A day; its forms are searched too."""
        self.values[name] = day
        return day


@dataclass
class Lived:
    """A town that lived through the scenario."""

    town: Town
    planted: Planted
    journey: UUID
    summary: UUID
    documents: list[bytes] = field(default_factory=list)


def live(town: Town, planted: Planted | None = None) -> Lived:
    """A journey's whole life: opened, shared, written, corrected, restricted, summarised, closed and reopened."""
    planted = planted or Planted()
    journey = _open(town, planted)
    _share(town, planted, journey)
    versions = _write(town, planted, journey)
    _refusals(town, planted, journey)
    lived = Lived(town, planted, journey, _summarise(town, planted, journey, versions))
    lived.documents.append(act_as(town, "parquet.un", magistrate.document, lived.summary))
    _end(town, planted, journey)
    return lived


def _today(town: Town) -> date:
    return town.clock().date()


def _open(town: Town, planted: Planted) -> UUID:
    day = _today(town)
    given_on = planted.day("Information.given_on", day - timedelta(days=4011))
    deferred = Information(
        given_on,
        "spoken",
        "fr",
        "danger",
        planted.day("Information.review_on", day + timedelta(days=23)),
    )
    person = Person(
        planted.words("Person.known_as"),
        planted.words("Person.surname"),
        planted.words("Person.first_name"),
        planted.day("Person.birth_date", date(1937, 9, 23)),
    )
    new = opening.NewJourney(
        deferred, person, planted.words("safe_contact"), "high", planted.words("danger_text")
    )
    return opening.open_journey(town.services, town.who("ville.un"), new)


def _share(town: Town, planted: Planted, journey: UUID) -> None:
    services, lead = town.services, town.who("ville.un")
    everything = frozenset(Compartment) - {Compartment.FRAME}
    until = planted.day("Basis.until", _today(town) + timedelta(days=4999))
    agreed = Basis("person_consent", everything, "ongoing_work", until, includes_past=True)
    for name in ("cidff", "hopital", "social", "abri", "police", "spip"):
        member = town.institutions[name].id
        does = frozenset(one for one in Capacity if one in town.institutions[name].may)
        basis = agreed
        if name == "spip":
            follow_up = frozenset({Compartment.FOLLOW_UP})
            told = planted.words("Basis.told")
            basis = Basis("council_ground", follow_up, "ongoing_work", None, told=told)
        sharing.invite(services, lead, journey, member, basis, None, does)
        accept(town, f"{name}.un", journey)
    give_consent(town, lead, journey, "cidff", agreed)
    withdraw_consent(town, lead, journey, "spip")
    shut_out = frozenset({town.referents["police.deux"]})
    restricting.restrict(services, lead, journey, town.institutions["police"].id, shut_out)
    # A session opens its groups when it begins: the small group is there for the next one.
    town.log_in("police.un")


_WRITERS = {
    Compartment.FOLLOW_UP: ("cidff.un", "accompaniment"),
    Compartment.DANGER: ("police.un", "incident"),
    Compartment.SOCIAL: ("social.un", "social_report"),
    Compartment.HEALTH: ("hopital.un", "medical_certificate"),
    Compartment.SHELTER: ("abri.un", "shelter_place"),
    Compartment.CHILDREN: ("social.un", "children_situation"),
    Compartment.PROCEEDINGS: ("police.un", "complaint_filed"),
}


def _write(town: Town, planted: Planted, journey: UUID) -> dict[Compartment, int]:
    services, day = town.services, _today(town)
    versions = {}
    for compartment, (login, kind) in _WRITERS.items():
        words = planted.words(f"action.{compartment.value}")
        content = Content(kind, words, day)
        session = town.who(login)
        read_journey(town, session, journey)
        versions[compartment] = writing.append_action(
            services, session, journey, compartment, content, None
        )
    planned = Content(
        "appointment",
        planted.words("Content.text"),
        planted.day("Content.occurred_on", day - timedelta(days=5003)),
        planted.day("Content.due", day + timedelta(days=5021)),
    )
    lead = town.who("cidff.un")
    due = writing.append_action(services, lead, journey, Compartment.FOLLOW_UP, planned, None)
    # The gateway types what it may not read again.
    deposit = Content("injuries_reported", planted.words("deposit"), day)
    act_as(town, "ville.un", writing.append_action, journey, Compartment.HEALTH, deposit, None)
    corrected = Content("accompaniment", planted.words("correct.text"), day)
    first = versions[Compartment.FOLLOW_UP]
    writing.correct_action(services, lead, journey, first, corrected, None)
    writing.withdraw_action(services, lead, journey, due, "wrong_facts")
    return versions


def _refusals(town: Town, planted: Planted, journey: UUID) -> None:
    """What is typed and refused is nobody's entry, and must be nowhere either."""
    services, day = town.services, _today(town)
    refused = Content("note", planted.words("refused.text") * 400, day)
    with suppress(Refusal):
        act_as(
            town, "cidff.un", writing.append_action, journey, Compartment.FOLLOW_UP, refused, None
        )
    for login in ("police.deux", "spip.un", "auditeur.un"):
        for target in (journey, uuid4()):
            with suppress(Refused):
                read_journey(town, login, target)
    if visitor.log_in(services, "cidff.un", planted.words("passphrase")) is not None:
        raise AssertionError("a passphrase that is none opened a session")


def _summarise(
    town: Town, planted: Planted, journey: UUID, versions: dict[Compartment, int]
) -> UUID:
    services, composer = town.services, town.who("cidff.un")
    requisition = Requisition(
        planted.words("Requisition.number"),
        planted.words("Requisition.magistrate"),
        planted.day("Requisition.issued_on", _today(town) - timedelta(days=2003)),
        frozenset({Compartment.FOLLOW_UP, Compartment.DANGER}),
    )
    parquet = town.institutions["parquet"].id
    chosen = [versions[Compartment.FOLLOW_UP], versions[Compartment.DANGER]]
    summary = composing.compose(services, composer, journey, parquet, requisition, chosen)
    for login, institution in (("cidff.deux", "cidff"), ("police.un", "police")):
        session = town.who(login)
        found: Any = summaries.read_summary(services, session, summary).summary
        for part in found.standing_parts:
            if part.author_institution == town.institutions[institution].id:
                approving.judge_part(services, session, summary, part.index, None)
    act_as(town, "coordination.un", framing.judge_frame, summary, None)
    approving.release(services, composer, summary)
    act_as(town, "parquet.un", magistrate.received)
    act_as(town, "parquet.un", magistrate.open_summary, summary)
    return summary


def _end(town: Town, planted: Planted, journey: UUID) -> None:
    services, lead = town.services, town.who("ville.un")
    act_as(town, "abri.un", sharing.leave, journey, "work_done")
    closing.close(services, lead, journey, "protected")
    closing.reopen(services, lead, journey, planted.words("reopen.reason"))
    listing.my_journeys(services, lead)
    act_as(town, "coordination.un", coordination.export_audit, AuditFilter())
    visitor.log_out(services, lead)
    town.sessions.pop("ville.un")
