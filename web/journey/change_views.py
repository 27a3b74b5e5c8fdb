"""Forms that change a journey.

Each carries the journey's ``version`` in a hidden field of that name.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from web.drawing.page import Choice, Chrome, Form
from web.journey.views import Audience, EntryView, JourneyBar


@dataclass(frozen=True, slots=True)
class CorrectPage:
    """Correct an entry. Fields: ``texte``, ``date``, ``echeance``, ``niveau``, ``version``."""

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
    """Withdraw an entry. Fields: ``raison``, ``version``."""

    template: ClassVar[str] = "withdraw.html"
    chrome: Chrome
    bar: JourneyBar
    entry: EntryView
    reasons: tuple[Choice, ...]
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, slots=True)
class CapacityChoice:
    """Something that an institution may do for the person; ``opens_labels`` are the compartments that it then reads
    besides."""

    code: str
    label: str
    opens_labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenJourneyPage:
    """Open a journey (article 8.1).

    Fields: ``information`` (donnee, differee), ``information_date``, ``information_maniere``,
    ``information_langue``, ``report_raison``, ``report_revue``, ``connue_comme``, ``nom``,
    ``prenom``, ``naissance``, ``contact``, ``danger``, ``titres`` (several: what one's own institution does for the
    person; none is asked where it is entitled to none).
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
    """Who the person is and how to reach her safely.

    Fields: ``connue_comme``, ``nom``, ``prenom``, ``naissance``, ``contact``, ``version``.
    ``identity_open`` and ``contact_open`` are false where sealed to this reader.
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
    """Invite a partner (articles 8.2, 8.3).

    Fields: ``institution``, ``fondement``, ``information_personne`` (what she was told, when the
    ground is not her consent), ``volets`` (several), ``motif``, ``passe`` (oui), ``jusqu_au``,
    ``titres`` (several: institution, point, capacity), ``version``. ``consent_ground`` is the code
    of the ground that is her consent.
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
    """What one partner shares in, and on what ground.

    ``withdrawn_on`` set: "n'est plus partagé".
    """

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
    """Consent in force, given and withdrawn at once (article 8.2).

    Give: ``acte`` = donner, ``institution``, ``fondement``, ``information_personne``, ``volets``,
    ``motif``, ``passe``, ``jusqu_au``, ``version``. Withdraw: ``acte`` = retirer, ``institution``,
    ``version``.
    """

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
    """What a partner does for the person: what it may do, what was said and when (``None``: nobody was asked), and
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
    """What each partner does for the person (articles 5.1, 5.2, 6.2).

    Fields: ``institution``, ``titres`` (several), ``version``. One form for each partner that may do something;
    ``ours`` to say is false for who does not lead.
    """

    template: ClassVar[str] = "capacities.html"
    chrome: Chrome
    bar: JourneyBar
    partners: tuple[PartnerCapacities, ...]
    ours: bool = True
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, slots=True)
class RestrictableInstitution:
    """An institution and its referents; ``taking_part`` are the codes of those who do now."""

    code: str
    name: str
    referents: tuple[Choice, ...]
    taking_part: tuple[str, ...]
    restricted: bool = False


@dataclass(frozen=True, slots=True)
class RestrictPage:
    """An institution takes part through named referents only (article 11.1).

    Fields: ``institution``, ``referents`` (several: those who take part), ``version``. One form for
    each institution.
    """

    template: ClassVar[str] = "restrict.html"
    chrome: Chrome
    bar: JourneyBar
    institutions: tuple[RestrictableInstitution, ...]
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, slots=True)
class ClosePage:
    """Close the journey.

    Fields: ``raison``, ``version``. ``awaiting`` counts what still awaits somebody.
    """

    template: ClassVar[str] = "close.html"
    chrome: Chrome
    bar: JourneyBar
    reasons: tuple[Choice, ...]
    awaiting: int = 0
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, slots=True)
class ReopenPage:
    """Reopen the journey. Fields: ``raison`` (free, short), ``version``."""

    template: ClassVar[str] = "reopen.html"
    chrome: Chrome
    bar: JourneyBar
    closed_for_label: str
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, slots=True)
class LeavePage:
    """The institution leaves the journey.

    Fields: ``raison``, ``version``. ``refused`` says why it may not (lead, last).
    """

    template: ClassVar[str] = "leave.html"
    chrome: Chrome
    bar: JourneyBar
    institution: str
    reasons: tuple[Choice, ...]
    refused: str | None = None
    form: Form = field(default_factory=Form)
