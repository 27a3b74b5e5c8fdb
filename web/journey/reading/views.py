"""The pages of a journey: its bar, its audiences, its partners, its forms, and what awaits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from web.drawing.page import CarriedForm, Choice, Chrome, Form, Tone
from web.journey.reading.timeline_views import Audience, Day, Reading


class ConsentState(StrEnum):
    """The person's consent, as the bar tells it."""

    IN_FORCE = "in_force"
    OTHER_GROUND = "other_ground"
    NONE = "none"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class JourneyBar:
    """The bar above every page of a journey.

    ``version`` goes into every form, so that a stale form is noticed.

    ``known_as``, ``safe_contact`` and ``danger_label`` are None if sealed to this reader or not
    recorded; ``sealed`` names which of the three are sealed ("known_as", "safe_contact", "danger").
    """

    journey_id: str
    code: str
    version: int
    lead: str
    opened_on: date
    consent: ConsentState
    known_as: str | None = None
    safe_contact: str | None = None
    danger_label: str | None = None
    danger_tone: Tone = Tone.QUIET
    sealed: tuple[str, ...] = ()
    closed: bool = False


@dataclass(frozen=True, slots=True)
class KindChoice:
    """A kind of action; ``compartment`` is the code of its usual compartment."""

    code: str
    label: str
    compartment: str
    levels: bool = False


@dataclass(frozen=True, slots=True)
class CompartmentChoice:
    """A compartment that may be written into, and who will read it.

    ``audience`` is None if the charter refuses, then ``why`` says it.
    """

    code: str
    label: str
    holds: str
    audience: Audience | None
    why: str | None = None
    article: str | None = None


@dataclass(frozen=True, slots=True)
class ActionForm:
    """The form that adds an action (``ActionFields``). ``seen`` stands for the audiences that the page spells out."""

    kinds: tuple[KindChoice, ...]
    compartments: tuple[CompartmentChoice, ...]
    levels: tuple[Choice, ...]
    grounds: tuple[Choice, ...]
    completes: tuple[Choice, ...]
    text_limit: int
    seen: str = ""
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, slots=True)
class AwaitedItem:
    """A planned action that awaits: ``who`` must do it; ``mine`` if it is the reader's own."""

    entry: int
    title: str
    due: date
    who: str
    mine: bool
    tone: Tone = Tone.QUIET


class PartnerStatus(StrEnum):
    """The standing of a partner, as the side panel tells it."""

    LEAD = "lead"
    JOINED = "joined"
    INVITED = "invited"
    KEY_PENDING = "key_pending"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    RESTRICTED = "restricted"
    CAPACITIES_UNSAID = "capacities_unsaid"


@dataclass(frozen=True, slots=True)
class PartnerView:
    """An institution of the journey, its standings (there may be several), and what it does for the person."""

    institution: str
    statuses: tuple[PartnerStatus, ...]
    does_labels: tuple[str, ...] = ()


class JourneyAct(StrEnum):
    """The acts on the whole journey, each a link."""

    INVITE = "invite"
    CONSENT = "consent"
    CAPACITIES = "capacities"
    PERSON = "person"
    RESTRICT = "restrict"
    CLOSE = "close"
    REOPEN = "reopen"
    LEAVE = "leave"
    SUMMARY = "summary"


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """The form that accepts an invitation, or declines it for one of the ``reasons`` (``AnswerFields``)."""

    reasons: tuple[Choice, ...]
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, slots=True)
class JourneyPage:
    """One journey.

    ``action`` is None if nothing may be added; ``older_than`` is the version to page back from.
    ``answer`` is there if the reader's institution is invited and may answer.
    """

    template: ClassVar[str] = "journey.html"
    chrome: Chrome
    bar: JourneyBar
    action: ActionForm | None
    days: tuple[Day, ...]
    awaited: tuple[AwaitedItem, ...]
    partners: tuple[PartnerView, ...]
    consultations: tuple[Reading, ...]
    acts: tuple[JourneyAct, ...]
    purpose_label: str | None = None
    older_than: int | None = None
    answer: AnswerForm | None = None


@dataclass(frozen=True, slots=True)
class PurposePage:
    """The question of the purpose, for a consult outside the reader's own open tasks (article 3.1; ``PurposeFields``).

    ``code`` is known to a partner. ``carried`` is a form that waits behind the question.
    """

    template: ClassVar[str] = "purpose.html"
    chrome: Chrome
    journey_id: str
    code: str
    purposes: tuple[Choice, ...]
    carried: CarriedForm | None = None
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, slots=True)
class ConsultationsPage:
    """Every consult of one journey, newest first, for its partners."""

    template: ClassVar[str] = "consultations.html"
    chrome: Chrome
    bar: JourneyBar
    consultations: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Excluded:
    """An institution of the journey that does not read a compartment, and why."""

    institution: str
    why: str
    article: str | None


@dataclass(frozen=True, slots=True)
class CompartmentAudience:
    """The readers of one compartment of this journey today, and the partners excluded from it."""

    label: str
    holds: str
    audience: Audience
    excluded: tuple[Excluded, ...] = ()


@dataclass(frozen=True, slots=True)
class AudiencePage:
    """The readers of this journey, compartment by compartment."""

    template: ClassVar[str] = "audience.html"
    chrome: Chrome
    bar: JourneyBar
    compartments: tuple[CompartmentAudience, ...]


@dataclass(frozen=True, slots=True)
class MeanwhileChange:
    """An act of somebody else while the form was being typed."""

    at: datetime
    person: str
    institution: str
    what: str


@dataclass(frozen=True, slots=True)
class StalePage:
    """409: the journey has changed since the form was filled.

    ``values`` go back as hidden fields to ``action``, with the version now current in them.
    """

    template: ClassVar[str] = "stale.html"
    chrome: Chrome
    journey_id: str
    code: str
    changes: tuple[MeanwhileChange, ...]
    action: str
    values: Mapping[str, tuple[str, ...]]
    typed: tuple[tuple[str, str], ...]
