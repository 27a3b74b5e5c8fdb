"""A journey: its bar, its days, who can read and who did, and what awaits."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from web.drawing.page import CarriedForm, Choice, Chrome, Form, Tone


@dataclass(frozen=True, slots=True)
class Audience:
    """Who can read: how many people, of which institutions, by which articles.

    ``number`` counts institutions once, where the on-call desk is named beside the one that keeps it.
    ``deposit`` is true where the author is not among them and can never read the text again.
    ``waiting`` is true where nobody of the journey may read yet, so the on-call desk keeps it.
    """

    people: int
    number: int
    institutions: tuple[str, ...]
    articles: tuple[str, ...]
    deposit: bool = False
    waiting: bool = False


class ConsentState(StrEnum):
    """What the bar says of the person's consent."""

    IN_FORCE = "in_force"
    OTHER_GROUND = "other_ground"
    NONE = "none"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class JourneyBar:
    """What stands above every page of a journey.

    ``version`` goes into every form, so that a stale one is told.

    ``known_as``, ``safe_contact`` and ``danger_label`` are None where sealed to this reader or not
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
class Reading:
    """Somebody consulted: when and why. ``times`` counts visits of that day; ``refused`` names
    what was asked and refused instead."""

    person: str
    institution: str
    at: datetime
    purpose_label: str | None = None
    times: int = 1
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class Struck:
    """What a correction replaced; still readable, struck through."""

    title: str
    text: str
    occurred_on: date


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry that this reader can read.

    ``withdrawn_label`` says why it was withdrawn, or None.
    """

    shape: ClassVar[str] = "entry"
    version: int
    at: datetime
    day: date | None
    title: str
    institution: str
    person: str
    compartment_label: str
    text: str
    occurred_on: date
    audience: Audience
    readers: tuple[Reading, ...] = ()
    due: date | None = None
    awaiting: bool = False
    completes_title: str | None = None
    level_label: str | None = None
    ground_label: str | None = None
    tone: Tone = Tone.ACCENT
    history: tuple[Struck, ...] = ()
    withdrawn_label: str | None = None
    may_correct: bool = False
    may_withdraw: bool = False


@dataclass(frozen=True, slots=True)
class SealedView:
    """An entry that this reader has no key to; ``why`` says who may read it."""

    shape: ClassVar[str] = "sealed"
    version: int
    day: date | None
    compartment_label: str | None
    why: str
    article: str | None


@dataclass(frozen=True, slots=True)
class FrameNoteView:
    """A quiet line of the frame.

    ``what`` is a whole sentence without the names ("a invité Police nationale").
    """

    shape: ClassVar[str] = "note"
    version: int
    at: datetime
    day: date | None
    person: str
    institution: str
    what: str


TimelineItem = EntryView | SealedView | FrameNoteView


@dataclass(frozen=True, slots=True)
class Day:
    """The items of one day in their order; ``day`` is None where no header opens."""

    day: date | None
    items: tuple[TimelineItem, ...]


def by_day(items: Iterable[TimelineItem]) -> tuple[Day, ...]:
    """Group items that are already in their order; one without a day stays with those before it."""
    days: list[tuple[date | None, list[TimelineItem]]] = []
    for item in items:
        if not days or (item.day is not None and item.day != days[-1][0]):
            days.append((item.day, [item]))
        else:
            days[-1][1].append(item)
    return tuple(Day(day, tuple(kept)) for day, kept in days)


@dataclass(frozen=True, slots=True)
class KindChoice:
    """A kind of action; ``compartment`` is the code of the one it goes to by default."""

    code: str
    label: str
    compartment: str
    levels: bool = False


@dataclass(frozen=True, slots=True)
class CompartmentChoice:
    """A compartment that may be written into, and who will read it.

    ``audience`` None: refused, and ``why``.
    """

    code: str
    label: str
    holds: str
    audience: Audience | None
    why: str | None = None
    article: str | None = None


@dataclass(frozen=True, slots=True)
class ActionForm:
    """Add an action.

    Fields: ``genre``, ``volet``, ``niveau``, ``texte``, ``etat`` (faite, prevue), ``date``,
    ``echeance``, ``fondement``, ``acheve`` (version of the planned entry it completes),
    ``destinataires`` (``seen``: stands for the audiences spelled out), ``version``.
    """

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
    """What awaits in this journey: ``who`` must do it, ``mine`` when it is the reader's own."""

    entry: int
    title: str
    due: date
    who: str
    mine: bool
    tone: Tone = Tone.QUIET


class PartnerStatus(StrEnum):
    """Where a partner stands, as the side panel says it."""

    LEAD = "lead"
    JOINED = "joined"
    INVITED = "invited"
    KEY_PENDING = "key_pending"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    RESTRICTED = "restricted"
    CAPACITIES_UNSAID = "capacities_unsaid"


@dataclass(frozen=True, slots=True)
class PartnerView:
    """An institution of the journey, its standings, which may hold together, and what it does for the person."""

    institution: str
    statuses: tuple[PartnerStatus, ...]
    does_labels: tuple[str, ...] = ()


class JourneyAct(StrEnum):
    """What the reader may do with the whole journey: each is a link."""

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
    """Accept an invitation, or decline it for one of the ``reasons``. Fields: ``version``, ``reponse``, ``raison``."""

    reasons: tuple[Choice, ...]
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, slots=True)
class JourneyPage:
    """One journey.

    ``action`` is None where nothing may be added; ``older_than`` is the version to page back from.
    ``answer`` is there where the reader's institution is invited and may answer.
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
    """Why consult, outside one's own open tasks (article 3.1).

    Field: ``motif``. ``code`` is known to a partner. ``carried`` is a form that waits behind it.
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
    """Who reads one compartment of this journey today, who does not, and why."""

    label: str
    holds: str
    audience: Audience
    excluded: tuple[Excluded, ...] = ()


@dataclass(frozen=True, slots=True)
class AudiencePage:
    """Who reads what in this journey, compartment by compartment."""

    template: ClassVar[str] = "audience.html"
    chrome: Chrome
    bar: JourneyBar
    compartments: tuple[CompartmentAudience, ...]
