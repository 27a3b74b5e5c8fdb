"""The parts that all pages share: their surroundings, the typed text and errors of a form, closed lists."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Protocol


class Section(StrEnum):
    """The entries of the navigation bar, in their order."""

    WORK = "work"
    JOURNEYS = "journeys"
    LEDGER = "ledger"
    SUMMARIES = "summaries"
    CHARTER = "charter"


class Tone(StrEnum):
    """The tone of a mark, shown beside its word; never by colour alone."""

    QUIET = "quiet"
    ACCENT = "accent"
    SOON = "soon"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class User:
    """The referent who is logged in. ``remark`` is shown under the name ("ne lit aucun suivi")."""

    name: str
    institution: str
    sections: tuple[Section, ...]
    minutes_left: int
    minutes_before_lock: int
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence at the top of the page, about an act just done or about something that everyone must know."""

    message: str
    tone: Tone = Tone.ACCENT


@dataclass(frozen=True, slots=True)
class Chrome:
    """The parts that surround every page.

    ``path`` is the page's own address; ``posted`` says that the page answers a form, which the browser would keep and
    offer to send again; ``alarm`` says that the ledger does not verify.
    """

    language: str
    network: str
    gateway_number: str
    now: datetime
    path: str
    demonstration: bool = False
    user: User | None = None
    section: Section | None = None
    notice: Notice | None = None
    alarm: str | None = None
    posted: bool = False


@dataclass(frozen=True, slots=True)
class FieldError:
    """An error of one field, as a sentence that says what to do.

    ``field`` is the form field's name, or empty for the whole form.
    """

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Form:
    """The text typed so far, as it was sent, and its errors."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    errors: tuple[FieldError, ...] = ()

    def value(self, name: str, default: str = "") -> str:
        """Return the first value typed in a field, or ``default`` if the field was never sent."""
        typed = self.values.get(name)
        return typed[0] if typed else default

    def chosen(self, name: str) -> tuple[str, ...]:
        """Return every value sent for a field of several boxes."""
        return self.values.get(name, ())

    def error(self, name: str) -> str | None:
        """Return the first error of a field."""
        return next((error.message for error in self.errors if error.field == name), None)


@dataclass(frozen=True, slots=True)
class CarriedForm:
    """A form that could not be acted on yet, kept in hidden fields: no word is lost."""

    action: str
    values: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a closed list: ``code`` is sent, ``label`` is read."""

    code: str
    label: str
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class ArticleReference:
    """An article of the charter that decided, with its title and its wording."""

    number: str
    title: str
    wording: str


@dataclass(frozen=True, slots=True)
class Paging:
    """The page shown of a long list; pages are counted from 1."""

    page: int
    pages: int


class Page(Protocol):
    """A page, as the renderer takes it: with its template, and the parts that surround it."""

    template: ClassVar[str]

    @property
    def chrome(self) -> Chrome:
        """The parts that surround the page."""
        ...
