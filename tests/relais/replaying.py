"""Replays an invented journey onto the real aggregate, asking the real charter before each step."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from domain.author import Author
from domain.compartments import Compartment
from domain.journey import capacities, closing, consents, entries, partners, person, restrictions
from domain.journey.capacities import Capacity
from domain.journey.entries import Content
from domain.journey.journey import Journey
from domain.journey.partners import Participation
from domain.territory import day_of
from policies.charter import Act, Asker, Charter, Relation, Situation
from relais.demonstration.steps import (
    ActionStep,
    CloseStep,
    ConsentStep,
    ConsultStep,
    CorrectStep,
    InviteStep,
    JoinStep,
    LeaveStep,
    ReopenStep,
    RestrictStep,
    StateStep,
    Step,
    Story,
    WithdrawConsentStep,
    WithdrawStep,
)
from relais.founding.network_plan import InstitutionPlan, NetworkPlan

ACTS: dict[type, Act] = {
    InviteStep: Act.INVITE,
    JoinStep: Act.JOIN,
    LeaveStep: Act.LEAVE,
    ConsentStep: Act.GIVE_CONSENT,
    WithdrawConsentStep: Act.WITHDRAW_CONSENT,
    StateStep: Act.STATE_CAPACITIES,
    RestrictStep: Act.RESTRICT,
    CloseStep: Act.CLOSE,
    ReopenStep: Act.REOPEN,
    ConsultStep: Act.CONSULT,
}


def identifier(name: str) -> UUID:
    """The same identifier each time for a code or a login."""
    return uuid5(NAMESPACE_URL, name)


@dataclass
class Replay:
    """A journey as it grows, step by step; ``refused`` lists the acts that the charter refuses."""

    story: Story
    network: NetworkPlan
    charter: Charter
    versions: dict[str, int] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    def run(self) -> Journey:
        """The whole journey. Raises ``Refusal`` if the domain refuses a step."""
        story = self.story
        opener = self._author(story.opened_by)
        self.journey = Journey(
            network=identifier(self.network.name),
            author=opener,
            information=story.information,
            capacities=story.capacities,
            timestamp=story.opened_at,
        )
        person.record(self.journey, opener, story.person, story.person_recorded_at)
        person.record_safe_contact(
            self.journey, opener, story.safe_contact, story.contact_recorded_at
        )
        for step in story.steps:
            self._ask(step)
            self._apply(step)
        return self.journey

    def _author(self, login: str) -> Author:
        return Author(identifier(login), identifier(self.network.institution_of(login).code))

    def _ask(self, step: Step) -> None:
        institution = self.network.institution_of(step.who)
        compartment, ground, act = None, None, ACTS.get(type(step))
        if isinstance(step, ActionStep):
            act = Act.DEPOSIT if step.deposit else Act.APPEND
            compartment, ground = step.compartment, step.ground
        elif isinstance(step, CorrectStep | WithdrawStep):
            act = Act.CORRECT if isinstance(step, CorrectStep) else Act.WITHDRAW
            entry = self.journey.entries[self.versions[step.label]]
            assert entry.compartment is not None
            compartment = entry.compartment
        assert act is not None
        decision = self.charter.decide(
            act, _asker(institution), self._situation(step, institution), compartment, ground
        )
        if isinstance(step, ActionStep) and step.deposit:
            reads = self.charter.decide(
                Act.READ, _asker(institution), self._situation(step, institution), compartment
            )
            if reads.allowed:
                self.refused.append(f"{step.who} could read {compartment}, and yet deposits")
        if not decision.allowed:
            self.refused.append(f"{act} by {step.who} at {step.at}: {decision.articles}")

    def _situation(self, step: Step, institution: InstitutionPlan) -> Situation:
        journey, own = self.journey, identifier(institution.code)
        basis = journey.consent_of(own, day_of(step.at))
        scope: frozenset[Compartment] = basis.scope if basis else frozenset()
        agreed = basis is not None and basis.ground == "person_consent"
        return Situation(
            relation=self._relation(own),
            shut_out=journey.is_shut_out(identifier(step.who)),
            state="closed" if journey.is_closed else "open",
            address_hidden=False,
            consent=scope if agreed else frozenset(),
            ground_scope=frozenset() if agreed else scope,
            takes_part_in_care=self._does(own, Capacity.CARE),
            works_with_person=self._does(own, Capacity.SOCIAL_ACTION),
            shelters=self._does(own, Capacity.SHELTER),
            person_informed=True,
            purpose=step.purpose if isinstance(step, ConsultStep) else None,
            is_author_institution=True,
        )

    def _does(self, institution: UUID, capacity: Capacity) -> bool:
        partner = self.journey.partners.get(institution)
        return partner is not None and partner.acts_in(capacity)

    def _relation(self, institution: UUID) -> Relation:
        partner = self.journey.partners.get(institution)
        if partner is None:
            return Relation.NONE
        if institution == self.journey.lead:
            return Relation.LEAD
        return {
            Participation.INVITED: Relation.INVITED,
            Participation.JOINED: Relation.PARTNER,
            Participation.LEFT: Relation.LEFT,
        }[partner.participation]

    def _apply(self, step: Step) -> None:
        journey, author, at = self.journey, self._author(step.who), step.at
        match step:
            case InviteStep():
                invited = identifier(step.institution)
                partners.invite(journey, author, invited, step.basis, at, step.capacities)
            case JoinStep():
                partners.join(journey, author, at)
            case LeaveStep():
                partners.leave(journey, author, step.reason, at)
            case ConsentStep():
                consents.give(journey, author, identifier(step.institution), step.basis, at)
            case WithdrawConsentStep():
                consents.withdraw(journey, author, identifier(step.institution), at)
            case StateStep():
                capacities.state(journey, author, identifier(step.institution), step.capacities, at)
            case RestrictStep():
                restrictions.restrict(
                    journey,
                    author,
                    identifier(step.institution),
                    identifier(f"{step.institution}/small"),
                    map(identifier, step.shut_out),
                    at,
                )
            case CloseStep():
                closing.close(journey, author, step.reason, at)
            case ReopenStep():
                closing.reopen(journey, author, step.reason, at)
            case ActionStep() | CorrectStep() | WithdrawStep():
                self._write(step, author, at)

    def _write(
        self, step: ActionStep | CorrectStep | WithdrawStep, author: Author, at: datetime
    ) -> None:
        if isinstance(step, WithdrawStep):
            entries.withdraw(self.journey, author, self.versions[step.label], step.reason, at)
        elif isinstance(step, CorrectStep):
            content = self._content(step)
            entries.correct(self.journey, author, self.versions[step.label], content, at)
        else:
            content = self._content(step)
            entries.append(self.journey, author, step.compartment, content, step.ground, at)
            self.versions[step.label] = self.journey.version

    def _content(self, step: ActionStep | CorrectStep) -> Content:
        done = None if step.completes is None else self.versions[step.completes]
        return Content(step.kind, step.text, step.occurred_on, step.due, step.level, done)


def overdue(journey: Journey, today: date) -> int:
    """The number of planned actions that should have been done before that day."""
    return sum(
        entry.content.due is not None and entry.content.due < today for entry in journey.awaiting()
    )


def _asker(institution: InstitutionPlan) -> Asker:
    return Asker(
        institution_kind=institution.kind,
        may=institution.may,
        gateway=institution.gateway,
        works_with_author=institution.works_with_author,
        institution_signed=True,
        referent_signed=True,
        suspended=False,
        excluded=False,
    )
