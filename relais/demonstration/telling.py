"""Telling the invented stories: each step is done by its referent, through the same use cases as the pages."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from heapq import merge
from typing import Any
from uuid import UUID

from application.coordination import framing
from application.door.summary import enter_summary
from application.magistrate import received as magistrate
from application.referent import (
    approving,
    capacities,
    closing,
    composing,
    opening,
    reading,
    restricting,
    sharing,
    writing,
)
from application.visitor import signing
from domain.journey.entries import Content
from infrastructure.formats.session import OpenSession
from policies.charter import Act
from relais.composition import Installation
from relais.demonstration import steps as told
from relais.demonstration.summaries import SummaryPlan
from relais.founding.founder import Founder
from relais.founding.network_plan import InstitutionPlan

_SESSION = timedelta(hours=8)


class StoryClock:
    """A clock that shows the time of the story being told."""

    def __init__(self, at: datetime) -> None:
        self.now = at

    def __call__(self) -> datetime:
        """The time: at each call a moment later."""
        self.now += timedelta(milliseconds=20)
        return self.now


@dataclass
class Teller:
    """Tells the stories in a founded network."""

    founder: Founder
    clock: StoryClock
    _sessions: dict[str, OpenSession] = field(default_factory=dict)
    _versions: dict[tuple[UUID, str], int] = field(default_factory=dict)
    _journeys: dict[str, UUID] = field(default_factory=dict)

    @property
    def installation(self) -> Installation:
        """The network in which the stories happen."""
        return self.founder.installation

    def sign_charter(self, plan: InstitutionPlan) -> None:
        """Let the institution's first referent sign for it, and each referent for themselves."""
        institution = self.founder.institutions[plan.code]
        for referent in plan.referents:
            session = self._session(referent.login)
            signatories = [self.founder.made[referent.login].referent.id]
            if referent is plan.referents[0]:
                signatories.insert(0, institution)
            for signatory in signatories:
                signing.sign_charter(self.installation.services, session, signatory)

    def _session(self, login: str) -> OpenSession:
        session = self._sessions.get(login)
        if session is None or self.clock.now - session.begun_at > _SESSION:
            session = self._sessions[login] = self.founder.session_of(login)
        return session

    # -- the stories ----------------------------------------------------------------------------

    def tell(self, stories: list[told.Story], plans: list[SummaryPlan]) -> Iterator[None]:
        """Tell all stories and summaries together, in order of time; yield after each step."""
        threads = [self._story(story) for story in stories]
        threads += [self._summary(plan) for plan in plans]
        moments: Any = merge(*threads, key=lambda moment: moment[0])
        for at, do in moments:
            self.clock.now = at
            do()
            yield

    def _story(self, story: told.Story) -> Iterator[tuple[datetime, Callable[[], None]]]:
        yield story.opened_at, lambda: self._open(story)
        for step in story.steps:
            yield step.at, partial(self._step, story, step)

    def _open(self, story: told.Story) -> None:
        new = opening.NewJourney(
            story.information, story.person, story.safe_contact, None, "", story.capacities
        )
        session = self._session(story.opened_by)
        journey = opening.open_journey(self.installation.services, session, new)
        self._journeys[story.known_as] = journey

    def _step(self, story: told.Story, step: told.Step) -> None:
        journey = self._journeys[story.known_as]
        services, session = self.installation.services, self._session(step.who)
        match step:
            case told.JoinStep():
                sharing.answer_invitation(services, session, journey, None)
            case told.LeaveStep():
                sharing.leave(services, session, journey, step.reason)
            case told.ActionStep():
                self._versions[journey, step.label] = writing.append_action(
                    services,
                    session,
                    journey,
                    step.compartment,
                    self._content(journey, step),
                    None,
                    step.ground,
                )
            case told.CorrectStep():
                version = self._versions[journey, step.label]
                content = self._content(journey, step)
                writing.correct_action(services, session, journey, version, content, None)
            case told.WithdrawStep():
                version = self._versions[journey, step.label]
                writing.withdraw_action(services, session, journey, version, step.reason)
            case told.CloseStep():
                closing.close(services, session, journey, step.reason)
            case told.ReopenStep():
                closing.reopen(services, session, journey, step.reason)
            case told.ConsultStep():
                reading.read_journey(services, session, journey, step.purpose)
            case _:
                self._share(journey, step)

    def _share(self, journey: UUID, step: told.Sharing) -> None:
        services, session = self.installation.services, self._session(step.who)
        institution = self.founder.institutions[step.institution]
        match step:
            case told.InviteStep():
                sharing.invite(
                    services, session, journey, institution, step.basis, None, step.capacities
                )
            case told.ConsentStep():
                sharing.give_consent(services, session, journey, institution, step.basis)
            case told.WithdrawConsentStep():
                sharing.withdraw_consent(services, session, journey, institution)
            case told.StateStep():
                capacities.state_capacities(
                    services, session, journey, institution, step.capacities
                )
            case told.RestrictStep():
                shut_out = frozenset(
                    self.founder.made[login].referent.id for login in step.shut_out
                )
                restricting.restrict(services, session, journey, institution, shut_out)

    def _content(self, journey: UUID, step: told.ActionStep | told.CorrectStep) -> Content:
        completes = self._versions[journey, step.completes] if step.completes else None
        return Content(step.kind, step.text, step.occurred_on, step.due, step.level, completes)

    # -- the summaries --------------------------------------------------------------------------

    def _summary(self, plan: SummaryPlan) -> Iterator[tuple[datetime, Callable[[], None]]]:
        composed: dict[str, UUID] = {}
        services = self.installation.services

        def compose() -> None:
            journey = self._journeys[plan.known_as]
            versions = [self._versions[journey, label] for label in plan.entries]
            composed["id"] = composing.compose(
                services,
                self._session(plan.composer),
                journey,
                self.founder.institutions[plan.recipient],
                plan.requisition,
                versions,
            )

        def approve(who: str, institution: str) -> None:
            session = self._session(who)
            entered = enter_summary(services, session, composed["id"], Act.APPROVE_PART)
            for part in entered.summary.standing_parts:
                if part.author_institution == self.founder.institutions[institution]:
                    approving.judge_part(services, session, composed["id"], part.index, None)

        def approve_frame() -> None:
            framing.judge_frame(services, self._session(plan.frame.who), composed["id"], None)

        def release() -> None:
            approving.release(services, self._session(plan.composer), composed["id"])

        def open_it() -> None:
            magistrate.open_summary(services, self._session(plan.opened_by or ""), composed["id"])

        yield plan.drafted_at, compose
        for approval in plan.approvals:
            if approval.at is not None:
                who, institution = approval.who, approval.institution
                yield approval.at, partial(approve, who, institution)
        if plan.frame.at is not None:
            yield plan.frame.at, approve_frame
        if plan.released_at is not None:
            yield plan.released_at, release
        if plan.opened_at is not None:
            yield plan.opened_at, open_it
