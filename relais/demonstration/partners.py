"""The institutions that take part in an invented journey, from when to when, and the steps that make it so."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from domain.compartments import Compartment
from domain.grounds import Ground
from domain.journey.capacities import Capacity
from domain.journey.partners import Basis
from domain.territory import day_of
from relais.demonstration.outlines import Calendar, Change, Outline, working_day
from relais.demonstration.steps import (
    ConsentStep,
    InviteStep,
    JoinStep,
    LeaveStep,
    RestrictStep,
    StateStep,
    Step,
    WithdrawConsentStep,
)
from relais.founding.network_plan import InstitutionPlan, NetworkPlan

TOLD = (
    "A été informée de vive voix de ce partage et de son fondement ; une copie de l'information "
    "est gardée au bureau."
)
CAPACITIES: Mapping[Compartment, Capacity] = {
    Compartment.SOCIAL: Capacity.SOCIAL_ACTION,
    Compartment.HEALTH: Capacity.CARE,
    Compartment.SHELTER: Capacity.SHELTER,
}
"""The capacity that a partner needs before it reads a compartment; health is read by consent as well."""
ENTITLEMENTS: Mapping[Compartment, str] = {
    Compartment.SOCIAL: "social-action",
    Compartment.HEALTH: "care",
    Compartment.SHELTER: "shelter",
    Compartment.CHILDREN: "child-protection",
    Compartment.PROCEEDINGS: "offence-data",
}
"""The entitlement that an institution needs before it reads a compartment (charter, annex)."""
LOCATION = frozenset({Compartment.CONTACT, Compartment.SHELTER})
"""Never open to those who work with the aggressor (article 11.2)."""
_MAIN_SHARE = 0.6
_OPENS_PAST = 0.6
_RENEWED_FROM = 20
_RENEWED_FOR = timedelta(days=400)
_FACTUAL = frozenset({Compartment.FOLLOW_UP, Compartment.IDENTITY, Compartment.DANGER})


@dataclass(slots=True)
class StoryPartners:
    """The institutions of one journey: their referents, when they take part, and the steps of joining and leaving."""

    outline: Outline
    network: NetworkPlan
    calendar: Calendar
    opened_at: datetime
    spans: dict[str, list[tuple[datetime, datetime]]] = field(default_factory=dict)
    scopes: dict[str, frozenset[Compartment]] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    _main: dict[str, str] = field(default_factory=dict)
    _changes: list[StateStep] = field(default_factory=list)

    def lay_out(self, ends_at: datetime) -> None:
        """Let the partners come and go between the opening and the end."""
        outline = self.outline
        self._changes += [self._changed(change) for change in outline.changes]
        self.spans[outline.lead] = [(self.opened_at, ends_at)]
        for place, code in enumerate(outline.partners):
            share = 0.35 * place / max(1, len(outline.partners))
            joined = self._invited(code, self._at_office(share, 1), joins=True)
            self.spans[code] = [(joined, ends_at)]
            self._leave_and_return(code, ends_at)
        for code in outline.declined:
            invited = self._invited(code, self._at_office(0.3, 1), joins=False)
            reply = self.calendar.office_hour(day_of(invited) + timedelta(days=2))
            self.steps.append(LeaveStep(who=self.referent(code), at=reply, reason="declined"))
        for code in outline.pending:
            # Two days before the end, so that the invitation is still fresh.
            self._invited(code, self._at_office(1, -2), joins=False)
        self._restrict()
        self._renew()
        self.steps += self._changes

    def acts(self, code: str, at: datetime) -> bool:
        """Whether the institution takes part at that time, under a basis in force."""
        return any(begin < at < end for begin, end in self.spans.get(code, ()))

    def referent(self, code: str) -> str:
        """A referent of the institution: mostly the same one throughout the journey."""
        logins = [
            referent.login
            for referent in self.network.institution(code).referents
            if referent.login != self.outline.restricted
        ]
        random = self.calendar.random
        if code not in self._main:
            first = random.random() < _MAIN_SHARE
            self._main[code] = logins[0] if first else random.choice(logins)
        return self._main[code] if random.random() < _MAIN_SHARE else random.choice(logins)

    def capacities(self, code: str, at: datetime) -> frozenset[Capacity]:
        """The institution's capacities at that time."""
        begun = self.outline.does.get(code, _may_have(self.network.institution(code)))
        changed = [
            change.capacities
            for change in self._changes
            if change.institution == code and change.at < at
        ]
        return changed[-1] if changed else begun

    def reads(self, code: str, compartment: Compartment, at: datetime) -> bool:
        """Whether the institution may read the compartment at that time; else it deposits."""
        institution = self.network.institution(code)
        unbound = code == self.outline.lead or institution.gateway
        shared = unbound or compartment in self.scopes.get(code, frozenset())
        agreed = not unbound and code not in self.outline.grounds
        needed = (
            None if compartment is Compartment.HEALTH and agreed else CAPACITIES.get(compartment)
        )
        acts_so = needed is None or needed in self.capacities(code, at)
        return shared and acts_so and _may_hold(institution, compartment)

    def _invited(self, code: str, at: datetime, *, joins: bool) -> datetime:
        """Invite; return when the institution joined, or when it was invited if it never does."""
        who = self.referent(self.outline.lead)
        self.steps.append(
            InviteStep(
                who=who,
                at=at,
                institution=code,
                basis=self._basis(code),
                capacities=self.capacities(code, at),
            )
        )
        if not joins:
            return at
        days = self.calendar.random.choice((0, 0, 1, 2))
        later = min(working_day(day_of(at) + timedelta(days=days)), self.calendar.last)
        joined = max(self.calendar.office_hour(later), self.calendar.soon_after(at))
        self.steps.append(JoinStep(who=self.referent(code), at=joined))
        return joined

    def _basis(self, code: str) -> Basis:
        ground = self.outline.grounds.get(code, Ground.PERSON_CONSENT)
        institution = self.network.institution(code)
        scope = self.outline.narrow.get(code, _scope(institution, ground))
        self.scopes[code] = scope
        return Basis(
            ground=ground,
            scope=scope,
            purpose=self.calendar.random.choice(("referral_received", "ongoing_work")),
            includes_past=self.calendar.random.random() < _OPENS_PAST,
            told="" if ground == Ground.PERSON_CONSENT else TOLD,
        )

    def _leave_and_return(self, code: str, ends_at: datetime) -> None:
        outline = self.outline
        begin, _ = self.spans[code][0]
        for at in self._moments(outline.left, code):
            self.spans[code] = [(begin, at)]
            self.steps.append(LeaveStep(who=self.referent(code), at=at, reason="work_done"))
        for at in self._moments(outline.withdrawn, code):
            self.spans[code] = [(begin, at)]
            who = self.referent(outline.lead)
            self.steps.append(WithdrawConsentStep(who=who, at=at, institution=code))
        for at in self._moments(outline.given_again, code):
            self.spans[code].append((at, ends_at))
            self._consent(code, at)

    def _consent(self, code: str, at: datetime) -> None:
        basis = replace(self._basis(code), until=day_of(at) + _RENEWED_FOR)
        who = self.referent(self.outline.lead)
        self.steps.append(ConsentStep(who=who, at=at, institution=code, basis=basis))

    def _restrict(self) -> None:
        if self.outline.restricted is None:
            return
        code = self.network.institution_of(self.outline.restricted).code
        joined, _ = self.spans[code][0]
        self.steps.append(
            RestrictStep(
                who=self.referent(self.outline.lead),
                at=self.calendar.office_hour(day_of(joined) + timedelta(days=1)),
                institution=code,
                shut_out=(self.outline.restricted,),
            )
        )

    def _changed(self, change: Change) -> StateStep:
        return StateStep(
            who=self.referent(self.outline.lead),
            at=self._at_office(change.share, 0),
            institution=change.of,
            capacities=change.does,
        )

    def _renew(self) -> None:
        if self.outline.entries < _RENEWED_FROM or self.outline.refuses:
            return
        steady = [
            code
            for code in self.outline.partners
            if len(self.spans[code]) == 1
            and code not in {**self.outline.withdrawn, **self.outline.left, **self.outline.grounds}
            and code not in self.outline.narrow
        ]
        for code in self.calendar.random.sample(steady, k=min(2, len(steady))):
            at = self._at_office(self.calendar.random.uniform(0.58, 0.72), 0)
            if self.outline.reopened is None and self.acts(code, at):
                self._consent(code, at)

    def _moments(self, shares: Mapping[str, float], code: str) -> Iterator[datetime]:
        if code in shares:
            yield self._at_office(shares[code], 0)

    def _at_office(self, share: float, days: int) -> datetime:
        day = working_day(self.calendar.day_at(share) + timedelta(days=days))
        return self.calendar.office_hour(min(max(day, self.calendar.first), self.calendar.last))


def _may_have(institution: InstitutionPlan) -> frozenset[Capacity]:
    return frozenset(capacity for capacity in Capacity if capacity in institution.may)


def _may_hold(institution: InstitutionPlan, compartment: Compartment) -> bool:
    """Whether the charter lets the institution read the compartment, if it is shared."""
    if institution.works_with_author and compartment in LOCATION:
        return False
    needed = ENTITLEMENTS.get(compartment)
    return needed is None or needed in institution.may


def _scope(institution: InstitutionPlan, ground: str) -> frozenset[Compartment]:
    """All that the institution may hold; without consent, no more than the ground covers."""
    if ground == Ground.COUNCIL_GROUND:
        return _FACTUAL
    entitled = {
        compartment
        for compartment in Compartment
        if compartment is not Compartment.FRAME and _may_hold(institution, compartment)
    }
    if ground == Ground.CHILD_PROTECTION:
        return (_FACTUAL | {Compartment.CHILDREN}) & entitled
    return frozenset(entitled)
