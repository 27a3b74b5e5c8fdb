"""The pages of the forms that change a journey.

``fields`` describes their forms; each carries the journey's ``version`` in a hidden field of that name.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from web.drawing.page import Choice, Chrome, Form
from web.journey.reading.timeline_views import Audience, EntryView
from web.journey.reading.views import JourneyBar


@dataclass(frozen=True, slots=True)
class CorrectPage:
    """Correct an entry (``CorrectFields``)."""

    template: ClassVar[str] = "correct.html"
    chrome: Chrome
    bar: JourneyBar
    entry: EntryView
    audience: Audience
    levels: tuple[Choice, ...]
    text_limit: int
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, slots=True)
class WithdrawPage:
    """Withdraw an entry (``WithdrawFields``)."""

    template: ClassVar[str] = "withdraw.html"
    chrome: Chrome
    bar: JourneyBar
    entry: EntryView
    reasons: tuple[Choice, ...]
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, slots=True)
class CapacityChoice:
    """A capacity that an institution may have; ``opens_labels`` are the compartments that it then reads besides."""

    code: str
    label: str
    opens_labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenJourneyPage:
    """Open a journey (article 8.1; ``NewJourneyFields``).

    ``capacities`` are those of one's own institution; none is asked if it is entitled to none.
    """

    template: ClassVar[str] = "open_journey.html"
    chrome: Chrome
    manners: tuple[Choice, ...]
    languages: tuple[Choice, ...]
    deferrals: tuple[Choice, ...]
    danger_levels: tuple[Choice, ...]
    capacities: tuple[CapacityChoice, ...]
    latest_review: date
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, slots=True)
class PersonPage:
    """The person's identity and safe contact (``PersonFields``).

    ``identity_open`` and ``contact_open`` are false if sealed to this reader.
    """

    template: ClassVar[str] = "person.html"
    chrome: Chrome
    bar: JourneyBar
    identity_open: bool
    contact_open: bool
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, slots=True)
class InvitableInstitution:
    """An institution that can be invited, what it would read whatever it does for the person, and what it may do."""

    code: str
    name: str
    reads_labels: tuple[str, ...]
    people: int
    capacities: tuple[CapacityChoice, ...] = ()


@dataclass(frozen=True, slots=True)
class InvitePage:
    """Invite a partner (articles 8.2, 8.3; ``InviteFields``).

    ``consent_ground`` is the code of the ground that is the person's consent.
    """

    template: ClassVar[str] = "invite.html"
    chrome: Chrome
    bar: JourneyBar
    institutions: tuple[InvitableInstitution, ...]
    grounds: tuple[Choice, ...]
    consent_ground: str
    compartments: tuple[Choice, ...]
    purposes: tuple[Choice, ...]
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, slots=True)
class ConsentView:
    """The sharing with one partner, and its ground; ``withdrawn_on`` is set if it has ended."""

    institution_code: str
    institution: str
    ground_label: str
    is_consent: bool
    scope_labels: tuple[str, ...]
    purpose_label: str
    given_on: date
    until: date | None = None
    includes_past: bool = False
    told: str = ""
    withdrawn_on: date | None = None


@dataclass(frozen=True, slots=True)
class ConsentPage:
    """The consents in force, each given and withdrawn at once (article 8.2; ``ConsentFields``)."""

    template: ClassVar[str] = "consent.html"
    chrome: Chrome
    bar: JourneyBar
    consents: tuple[ConsentView, ...]
    partners: tuple[Choice, ...]
    grounds: tuple[Choice, ...]
    consent_ground: str
    compartments: tuple[Choice, ...]
    purposes: tuple[Choice, ...]
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, slots=True)
class PartnerCapacities:
    """A partner's capacities: those it may have, those that were chosen and when (``None``: nobody was asked), and
    what it reads today."""

    code: str
    name: str
    choices: tuple[CapacityChoice, ...]
    chosen: tuple[str, ...]
    said_on: date | None
    reads_labels: tuple[str, ...]
    people: int


@dataclass(frozen=True, slots=True)
class CapacitiesPage:
    """The capacities of each partner (articles 5.1, 5.2, 6.2; ``CapacitiesFields``).

    There is one form for each partner that may have any. ``ours``: the reader's institution leads, and so may state
    them.
    """

    template: ClassVar[str] = "capacities.html"
    chrome: Chrome
    bar: JourneyBar
    partners: tuple[PartnerCapacities, ...]
    ours: bool = True
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, slots=True)
class RestrictableInstitution:
    """An institution and its referents; ``taking_part`` are the codes of those who take part now."""

    code: str
    name: str
    referents: tuple[Choice, ...]
    taking_part: tuple[str, ...]
    restricted: bool = False


@dataclass(frozen=True, slots=True)
class RestrictPage:
    """Let an institution take part through named referents only (article 11.1; ``RestrictFields``).

    There is one form for each institution.
    """

    template: ClassVar[str] = "restrict.html"
    chrome: Chrome
    bar: JourneyBar
    institutions: tuple[RestrictableInstitution, ...]
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, slots=True)
class ClosePage:
    """Close the journey (``ReasonFields``). ``awaiting`` counts the actions that still await somebody."""

    template: ClassVar[str] = "close.html"
    chrome: Chrome
    bar: JourneyBar
    reasons: tuple[Choice, ...]
    awaiting: int = 0
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, slots=True)
class ReopenPage:
    """Reopen the journey (``ReopenFields``)."""

    template: ClassVar[str] = "reopen.html"
    chrome: Chrome
    bar: JourneyBar
    closed_for_label: str
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, slots=True)
class LeavePage:
    """Leave the journey, for one's institution (``ReasonFields``). ``refused`` says why it may not."""

    template: ClassVar[str] = "leave.html"
    chrome: Chrome
    bar: JourneyBar
    institution: str
    reasons: tuple[Choice, ...]
    refused: str | None = None
    form: Form = field(default_factory=Form)
