"""The law of the door: each use case asks the charter, and leaves its entry in the ledger."""

import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any
from uuid import uuid4

import pytest

import application
from application.coordination.admissions import admit_institution
from application.coordination.auditing import AuditFilter, audit, export_audit
from application.coordination.framing import judge_frame
from application.coordination.naming import name_on_call
from application.coordination.standing import set_standing
from application.door.refusing import Refused
from application.gateway.on_call import hand_over
from application.magistrate.received import document, open_summary, read_received, received
from application.referent.admitting import admit_referent
from application.referent.approving import judge_part, read_part, release
from application.referent.capacities import state_capacities
from application.referent.closing import close, reopen
from application.referent.composing import add_entries, compose, enter_to_add, enter_to_compose
from application.referent.listing import my_journeys
from application.referent.opening import NewJourney, open_journey
from application.referent.person import record_person
from application.referent.reading import read_journey, state_purpose
from application.referent.restricting import restrict
from application.referent.sharing import (
    answer_invitation,
    give_consent,
    invite,
    leave,
    withdraw_consent,
)
from application.referent.summaries import my_summaries, read_summary
from application.referent.writing import (
    append_action,
    complete_action,
    correct_action,
    withdraw_action,
)
from application.visitor.entering import log_out
from application.visitor.signing import sign_charter
from domain.access import AuditEntry
from domain.compartments import Compartment
from domain.journey.capacities import Capacity
from domain.network.members import Institution, Standing
from infrastructure.formats.session import OpenSession
from tests.telling.story import Story
from tests.telling.town import action, ambre, consent, informed

WITHOUT_SESSION = {"log_in", "recipients", "who_consulted"}
"""Use cases that are given no session: logging in makes one, the others are given a door that was passed, or the
directory."""

SHOWS_NOTHING = {"state_purpose"}
"""Stating a purpose shows nothing of a journey: the consult that follows is recorded."""

ALWAYS_OPEN = {"log_out", "hand_over"}
"""Logging out asks no charter; handing over does nothing for somebody who is not on call."""

UseCase = Callable[..., Any]


def use_cases() -> Iterator[UseCase]:
    """Every public function of the application, the door apart, that is given the services."""
    for module in pkgutil.walk_packages(application.__path__, "application."):
        if module.ispkg or module.name.startswith("application.door"):
            continue
        found = import_module(module.name)
        for name, function in inspect.getmembers(found, inspect.isfunction):
            own = function.__module__ == module.name and not name.startswith("_")
            if own and "services" in inspect.signature(function).parameters:
                yield function


@dataclass
class Life:
    """A journey and its summary from end to end; ``results`` are what the use cases returned, by name."""

    story: Story
    results: dict[str, Any] = field(default_factory=dict)

    @property
    def journey(self) -> Any:
        """The journey."""
        return self.story.journey

    @property
    def summary(self) -> Any:
        """Its summary."""
        return self.results["compose"]

    def institution(self, code: str) -> Any:
        """The id of an institution."""
        return self.story.town.institutions[code].id

    def referent(self, login: str) -> Any:
        """The id of a referent."""
        return self.story.town.referents[login]

    def planned(self) -> Any:
        """An action that is planned."""
        day = self.story.town.clock().date()
        return action("Rappeler.", day, "phone_call", due=day)

    def new_journey(self) -> NewJourney:
        """The content of a journey's opening."""
        return NewJourney(informed(self.story.town.clock().date()), ambre(), "SMS", None, "")

    def new_institution(self) -> tuple[Any, ...]:
        """An institution to admit, with its first referent."""
        new = Institution(uuid4(), f"n-{uuid4().hex[:6]}", "Nouvelle", "support")
        return new, self.story.town.new_account(new.id, f"n.{uuid4().hex[:6]}")

    def new_referent(self) -> Any:
        """A referent to admit to the CIDFF."""
        own = self.institution("cidff")
        return self.story.town.new_account(own, f"cidff.{uuid4().hex[:6]}")

    def number_of_part(self, code: str) -> int:
        """The part of the summary that an institution wrote."""
        lead = self.story.town.who("cidff.un")
        parts = read_summary(self.story.services, lead, self.summary).summary.standing_parts
        return next(one.index for one in parts if one.author_institution == self.institution(code))


Arguments = Callable[[Life], tuple[Any, ...]]

LIFE: list[tuple[UseCase, str, Arguments]] = [
    (open_journey, "cidff.un", lambda life: (life.new_journey(),)),
    (my_journeys, "cidff.un", lambda _: ()),
    (read_journey, "cidff.un", lambda life: (life.journey, "ongoing_work")),
    (state_purpose, "cidff.un", lambda life: (life.journey, "person_request")),
    (
        append_action,
        "cidff.un",
        lambda life: (life.journey, Compartment.FOLLOW_UP, life.planned(), None),
    ),
    (
        correct_action,
        "cidff.un",
        lambda life: (life.journey, life.results["append_action"], life.planned()),
    ),
    (complete_action, "cidff.un", lambda life: (life.journey, life.results["append_action"])),
    (
        withdraw_action,
        "cidff.un",
        lambda life: (life.journey, life.results["append_action"], "wrong_facts"),
    ),
    (record_person, "cidff.un", lambda life: (life.journey, ambre(), "Le soir")),
    (
        state_capacities,
        "cidff.un",
        lambda life: (life.journey, life.institution("hopital"), frozenset({Capacity.CARE})),
    ),
    (give_consent, "cidff.un", lambda life: (life.journey, life.institution("police"), consent())),
    (
        append_action,
        "cidff.un",
        lambda life: (life.journey, Compartment.SHELTER, life.planned(), None),
    ),
    (
        invite,
        "cidff.un",
        lambda life: (
            life.journey,
            life.institution("abri"),
            consent(past=True),
            None,
            frozenset({Capacity.SHELTER}),
        ),
    ),
    (answer_invitation, "abri.un", lambda life: (life.journey, None)),
    (hand_over, "ville.un", lambda _: ()),
    (leave, "abri.un", lambda life: (life.journey, "work_done")),
    (withdraw_consent, "cidff.un", lambda life: (life.journey, life.institution("hopital"))),
    (
        restrict,
        "police.un",
        lambda life: (
            life.journey,
            life.institution("police"),
            frozenset({life.referent("police.deux")}),
        ),
    ),
    (enter_to_compose, "cidff.un", lambda life: (life.journey,)),
    (
        compose,
        "cidff.un",
        lambda life: (
            life.journey,
            life.institution("parquet"),
            life.story.requisition(),
            [life.story.versions["cidff"]],
        ),
    ),
    (enter_to_add, "police.un", lambda life: (life.summary,)),
    (add_entries, "police.un", lambda life: (life.summary, [life.story.versions["police"]])),
    (read_summary, "cidff.un", lambda life: (life.summary,)),
    (my_summaries, "cidff.un", lambda _: ()),
    (read_part, "cidff.deux", lambda life: (life.summary, life.number_of_part("cidff"))),
    (judge_part, "cidff.deux", lambda life: (life.summary, life.number_of_part("cidff"), None)),
    (judge_part, "police.trois", lambda life: (life.summary, life.number_of_part("police"), None)),
    (judge_frame, "coordination.un", lambda life: (life.summary, None)),
    (release, "cidff.un", lambda life: (life.summary,)),
    (my_summaries, "police.un", lambda _: ()),
    (received, "parquet.un", lambda _: ()),
    (read_received, "parquet.un", lambda life: (life.summary,)),
    (open_summary, "parquet.un", lambda life: (life.summary,)),
    (document, "parquet.un", lambda life: (life.summary,)),
    (close, "cidff.un", lambda life: (life.journey, "protected")),
    (reopen, "cidff.un", lambda life: (life.journey, "Elle revient.")),
    (audit, "auditeur.un", lambda _: (AuditFilter(),)),
    (export_audit, "auditeur.un", lambda _: (AuditFilter(),)),
    (admit_institution, "coordination.un", lambda life: life.new_institution()),
    (admit_referent, "cidff.un", lambda life: (life.new_referent(),)),
    (
        name_on_call,
        "coordination.un",
        lambda life: (
            life.institution("ville"),
            [life.referent("ville.deux"), life.referent("ville.trois")],
        ),
    ),
    (
        set_standing,
        "coordination.un",
        lambda life: (life.referent("spip.un"), Standing.SUSPENDED, "motif"),
    ),
    (sign_charter, "police.quatre", lambda life: (life.referent("police.quatre"),)),
    (log_out, "hopital.un", lambda _: ()),
]


@pytest.fixture
def life(story: Story) -> Life:
    """A journey of three institutions, two of which have more referents; one of them has yet to sign."""
    town = story.town
    for login in ("police.trois", "police.quatre", "cidff.trois"):
        town.join(login.split(".")[0], login, by=f"{login.split('.')[0]}.un")
    for login in ("police.trois", "cidff.trois"):
        town.sign(login, town.referents[login])
    town.sessions.clear()
    return Life(story)


def test_the_life_below_calls_every_use_case() -> None:
    """Given every public function of the application that is given services and a session, then the life calls it."""
    named = {function.__name__ for function in use_cases()}
    assert named > WITHOUT_SESSION
    assert {function.__name__ for function, _, _ in LIFE} == named - WITHOUT_SESSION


def test_each_use_case_asks_the_charter_and_leaves_its_entry(life: Life) -> None:
    """Given a journey's whole life, when each use case is called by somebody who may and by somebody excluded since,
    then it leaves an entry of who did it; and to the excluded it is refused, and the refusal recorded."""
    town, services = life.story.town, life.story.services
    excluded = town.who("cidff.trois")
    read_journey(services, excluded, life.journey, "ongoing_work")
    for use_case, login, arguments in LIFE:
        name, session, given = use_case.__name__, town.log_in(login), arguments(life)
        before = entries_of(life, session)
        life.results.setdefault(name, use_case(services, session, *given))
        added = entries_of(life, session)[len(before) :]
        assert added or name in SHOWS_NOTHING, name
        assert all(entry.access.allowed for entry in added), name

    town.set_standing(excluded.referent, Standing.EXCLUDED)
    for use_case, _, arguments in LIFE:
        name, given = use_case.__name__, arguments(life)
        if name in ALWAYS_OPEN:
            continue
        before = entries_of(life, excluded)
        with pytest.raises(Refused):
            use_case(services, excluded, *given)
        (refusal,) = entries_of(life, excluded)[len(before) :]
        assert not refusal.access.allowed, name
        assert refusal.access.articles, name


def entries_of(life: Life, session: OpenSession) -> list[AuditEntry]:
    """The ledger's entries of one referent, oldest first."""
    town = life.story.town
    reader = town.who("auditeur.un")
    directory = town.installation.directory.current()
    found = town.services.ledger.audit(reader, directory, 10_000)
    return [one for one in reversed(found) if one.referent == session.referent]
