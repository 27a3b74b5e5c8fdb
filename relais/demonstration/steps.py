"""The steps of an invented journey: the acts of referents, with their times. Data alone; no store, no key."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.compartments import Compartment
from domain.journey.capacities import Capacity
from domain.journey.journey import Information
from domain.journey.partners import Basis
from domain.journey.person import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteStep:
    """Invite an institution (its code), on a basis, with its capacities."""

    who: str
    at: datetime
    institution: str
    basis: Basis
    capacities: frozenset[Capacity]


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinStep:
    """Accept the invitation of the referent's own institution."""

    who: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveStep:
    """Leave, or decline an invitation; ``reason`` is a code of the leaving reasons."""

    who: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionStep:
    """Write an action; ``deposit`` if its author may not read the compartment.

    ``label`` names the entry within its journey; ``completes`` is the label of the planned action
    that this one fulfils.
    """

    who: str
    at: datetime
    label: str
    kind: str
    compartment: Compartment
    text: str
    occurred_on: date
    ground: str
    due: date | None = None
    level: str | None = None
    completes: str | None = None
    deposit: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectStep:
    """Correct the entry of a label; the other fields are the whole new content."""

    who: str
    at: datetime
    label: str
    kind: str
    text: str
    occurred_on: date
    due: date | None = None
    level: str | None = None
    completes: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawStep:
    """Withdraw the entry of a label; ``reason`` is a code of the withdrawal reasons."""

    who: str
    at: datetime
    label: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentStep:
    """Record the basis that is in force from now on for an institution (its code)."""

    who: str
    at: datetime
    institution: str
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawConsentStep:
    """Record that the person withdrew her consent for an institution (its code)."""

    who: str
    at: datetime
    institution: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StateStep:
    """State the capacities of an institution (its code) from now on."""

    who: str
    at: datetime
    institution: str
    capacities: frozenset[Capacity]


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictStep:
    """Keep referents (their logins) of an institution out of the journey."""

    who: str
    at: datetime
    institution: str
    shut_out: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseStep:
    """Close the journey; ``reason`` is a code of the closing reasons."""

    who: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenStep:
    """Open the closed journey again."""

    who: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultStep:
    """Consult the journey, which adds no entry. ``purpose`` is a code of the purposes."""

    who: str
    at: datetime
    purpose: str


Sharing = InviteStep | ConsentStep | WithdrawConsentStep | StateStep | RestrictStep
"""The steps about one institution's part in the journey."""

Step = (
    Sharing
    | JoinStep
    | LeaveStep
    | ActionStep
    | CorrectStep
    | WithdrawStep
    | CloseStep
    | ReopenStep
    | ConsultStep
)


@dataclass(frozen=True, slots=True)
class Story:
    """One invented journey: its opening, then its steps in strictly increasing time."""

    known_as: str
    person: Person
    safe_contact: str
    information: Information
    capacities: frozenset[Capacity]
    lead: str
    opened_by: str
    opened_at: datetime
    steps: tuple[Step, ...]

    @property
    def person_recorded_at(self) -> datetime:
        """The time at which ``opened_by`` records the person's identity."""
        return self.opened_at + timedelta(minutes=1)

    @property
    def contact_recorded_at(self) -> datetime:
        """The time at which ``opened_by`` records how to reach the person safely; every step is later."""
        return self.opened_at + timedelta(minutes=2)

    @property
    def length(self) -> int:
        """The number of entries at the end: opening, person, contact, and those of the steps."""
        return 3 + sum(not isinstance(step, ConsultStep) for step in self.steps)
