"""Telling the invented stories: each step is done by its referent, through the very use cases of the pages."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from heapq import merge
from typing import Any
from uuid import UUID, uuid4

from application import magistrate, referent, summaries
from domain.access import Access
from domain.journey import Content
from domain.network import Institution
from infrastructure.bundles import Bundle
from infrastructure.entrance import DERIVATIONS_AT_ONCE
from infrastructure.offices import Admitted, Newcomer, make_keys
from infrastructure.sessions import OpenSession
from policies.charter import Act
from relais.composition import Installation
from relais.demonstration import steps as told
from relais.demonstration.people import InstitutionPlan, NetworkPlan, ReferentPlan
from relais.demonstration.summaries import SummaryPlan

_SESSION = timedelta(hours=8)
_AUDITING = ("coordination", "second-auditor")


class StoryClock:
    """The time in the story that is being told."""

    def __init__(self, at: datetime) -> None:
        self.now = at

    def __call__(self) -> datetime:
        """Now, a moment after the last time it was asked."""
        self.now += timedelta(milliseconds=20)
        return self.now


@dataclass
class Teller:
    """Founds the network and tells the stories. ``passphrases`` are by login."""

    installation: Installation
    clock: StoryClock
    plan: NetworkPlan
    passphrases: dict[str, str] = field(default_factory=dict)
    _bundles: dict[str, Bundle] = field(default_factory=dict)
    _referents: dict[str, UUID] = field(default_factory=dict)
    _institutions: dict[str, UUID] = field(default_factory=dict)
    _sessions: dict[str, OpenSession] = field(default_factory=dict)
    _versions: dict[tuple[UUID, str], int] = field(default_factory=dict)
    _journeys: dict[str, UUID] = field(default_factory=dict)
    _made: dict[str, Admitted] = field(default_factory=dict)

    # -- the network ----------------------------------------------------------------------------

    def make_keys(self) -> Iterator[None]:
        """Make every referent's keys and passphrase, two at once; yields after each."""
        network = self.installation.services.network
        newcomers = []
        for institution in self.plan.institutions:
            identifier = self._institutions[institution.code] = uuid4()
            newcomers += [
                Newcomer(identifier, person.name, person.login) for person in institution.referents
            ]
        with ThreadPoolExecutor(DERIVATIONS_AT_ONCE) as pool:
            for made in pool.map(lambda newcomer: make_keys(network, newcomer), newcomers):
                self._made[made.referent.login] = made
                self._keep(made)
                yield

    def found(self) -> None:
        """Found the network and admit every institution, each with its referents, all having signed the charter."""
        founded = datetime.combine(self.plan.founded, datetime.min.time(), UTC)
        self.clock.now = founded + timedelta(hours=9)
        auditing = [self.plan.institution(code) for code in _AUDITING]
        members = [self._member(one) for one in auditing]
        services = self.installation.services
        self.installation.offices.found(
            name=self.plan.name,
            territory=self.plan.territory,
            gateway_number=self.plan.gateway_number,
            founded_on=self.plan.founded,
            charter=services.charter.version_hash,
            auditing=members,
            newcomers=[self._made[one.referents[0].login] for one in auditing],
            at=self.clock(),
        )
        for member, one in zip(members, auditing, strict=True):
            self._admit_others(one)
            self._sign(member, one)

    def admit(self, one: InstitutionPlan) -> None:
        """Admit an institution with its referents, who then sign the charter."""
        if one.code in _AUDITING:
            return
        member = self._member(one)
        coordination = self._session(self.plan.institution("coordination").referents[0].login)
        self.installation.offices.admit_institution(
            coordination, member, self._made[one.referents[0].login], self.clock()
        )
        self._admit_others(one)
        self._sign(member, one)

    def name_on_call(self) -> None:
        """Name the on-call desk of the gateway."""
        gateway = next(one for one in self.plan.institutions if one.gateway)
        coordination = self._session(self.plan.institution("coordination").referents[0].login)
        self.installation.offices.name_on_call(
            coordination,
            self._institutions[gateway.code],
            [self._referents[login] for login in self.plan.on_call],
            self.clock(),
        )
        self._sessions.clear()

    def _admit_others(self, one: InstitutionPlan) -> None:
        for person in one.referents[1:]:
            colleague = self._session(one.referents[0].login)
            self.installation.offices.admit_referent(
                colleague, self._made[person.login], self.clock()
            )

    def _member(self, plan: InstitutionPlan) -> Institution:
        return Institution(
            id=self._institutions[plan.code],
            code=plan.code,
            name=plan.name,
            kind=plan.kind,
            may=plan.may,
            gateway=plan.gateway,
            steers=plan.steers,
            works_with_author=plan.works_with_author,
        )

    def _sign(self, member: Institution, one: InstitutionPlan) -> None:
        self._sign_for(one.referents[0], member.id)
        for person in one.referents:
            self._sign_for(person, self._referents[person.login])

    def _sign_for(self, person: ReferentPlan, signatory: UUID) -> None:
        session = self._session(person.login)
        access = Access("sign_charter", self.clock(), articles=("1.1",))
        self.installation.offices.sign_charter(session, access, signatory, self.clock())

    def _keep(self, admitted: Admitted) -> None:
        login = admitted.referent.login
        self.passphrases[login] = admitted.passphrase
        self._bundles[login] = admitted.bundle
        self._referents[login] = admitted.referent.id

    def _session(self, login: str) -> OpenSession:
        known = self._sessions.get(login)
        if known is not None and self.clock.now - known.begun_at < _SESSION:
            return known
        entrance = self.installation.entrance
        directory = self.installation.directory.current()
        session = entrance.unlocked(
            directory, self._referents[login], self._bundles[login], self.clock()
        )
        entrance.begin(session, Access("log_in", self.clock()))
        entrance.renew_groups(session, self.clock())
        self._sessions[login] = session
        return session

    # -- the stories ----------------------------------------------------------------------------

    def tell(self, stories: list[told.Story], plans: list[SummaryPlan]) -> Iterator[None]:
        """Tell all stories and summaries together, in the order of time; yields after each step."""
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
            yield step.at, lambda step=step: self._do(self._journeys[story.known_as], step)  # type: ignore[misc]

    def _open(self, story: told.Story) -> None:
        new = referent.NewJourney(story.information, story.person, story.safe_contact, None, "")
        session = self._session(story.opened_by)
        journey = referent.open_journey(self.installation.services, session, new)
        self._journeys[story.known_as] = journey

    def _do(self, journey: UUID, step: told.Step) -> None:
        services, session = self.installation.services, self._session(step.who)
        match step:
            case told.InviteStep():
                institution = self._institutions[step.institution]
                referent.invite(services, session, journey, institution, step.basis)
            case told.JoinStep():
                referent.answer_invitation(services, session, journey, None)
            case told.LeaveStep():
                referent.leave(services, session, journey, step.reason)
            case told.ActionStep():
                self._versions[journey, step.label] = referent.append_action(
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
                referent.correct_action(services, session, journey, version, content, None)
            case told.WithdrawStep():
                version = self._versions[journey, step.label]
                referent.withdraw_action(services, session, journey, version, step.reason)
            case told.ConsentStep():
                institution = self._institutions[step.institution]
                referent.give_consent(services, session, journey, institution, step.basis)
            case told.WithdrawConsentStep():
                institution = self._institutions[step.institution]
                referent.withdraw_consent(services, session, journey, institution)
            case told.RestrictStep():
                shut_out = frozenset(self._referents[login] for login in step.shut_out)
                institution = self._institutions[step.institution]
                referent.restrict(services, session, journey, institution, shut_out)
            case told.CloseStep():
                referent.close(services, session, journey, step.reason)
            case told.ReopenStep():
                referent.reopen(services, session, journey, step.reason)
            case told.ConsultStep():
                referent.read_journey(services, session, journey, step.purpose)

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
            composed["id"] = summaries.compose(
                services,
                self._session(plan.composer),
                journey,
                self._institutions[plan.recipient],
                plan.requisition,
                versions,
            )

        def approve(who: str, institution: str) -> None:
            session = self._session(who)
            found = summaries.enter_summary(
                services, session, composed["id"], Act.APPROVE_PART
            )
            for part in found.summary.standing_parts:
                if part.author_institution == self._institutions[institution]:
                    summaries.judge_part(services, session, composed["id"], part.index, None)

        def approve_frame() -> None:
            summaries.judge_frame(services, self._session(plan.frame.who), composed["id"], None)

        def release() -> None:
            summaries.release(services, self._session(plan.composer), composed["id"])

        def open_it() -> None:
            magistrate.open_summary(services, self._session(plan.opened_by or ""), composed["id"])

        yield plan.drafted_at, compose
        for one in plan.approvals:
            if one.at is not None:
                yield one.at, lambda one=one: approve(one.who, one.institution)  # type: ignore[misc]
        if plan.frame.at is not None:
            yield plan.frame.at, approve_frame
        if plan.released_at is not None:
            yield plan.released_at, release
        if plan.opened_at is not None:
            yield plan.opened_at, open_it
