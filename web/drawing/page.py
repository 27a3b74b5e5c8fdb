"""What every page has: its surroundings, its form's typed text and errors, its closed lists."""

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
    """What a mark says beside its word; never by colour alone."""

    QUIET = "quiet"
    ACCENT = "accent"
    SOON = "soon"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class User:
    """Who is logged in. ``remark`` stands under the name ("ne lit aucun suivi")."""

    name: str
    institution: str
    sections: tuple[Section, ...]
    minutes_left: int
    minutes_before_lock: int
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence at the top of the page: what was just done, or what everyone must know."""

    message: str
    tone: Tone = Tone.ACCENT


@dataclass(frozen=True, slots=True)
class Chrome:
    """What surrounds every page.

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
    """What is wrong with one field, and what to do.

    ``field`` is the form field's name, or empty for the whole form.
    """

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Form:
    """The text typed so far, as it came, and what is wrong with it."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    errors: tuple[FieldError, ...] = ()

    def value(self, name: str, default: str = "") -> str:
        """Return the first value typed in a field, or ``default`` where it was never sent."""
        found = self.values.get(name)
        return found[0] if found else default

    def chosen(self, name: str) -> tuple[str, ...]:
        """Every value sent for a field of several boxes."""
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
    """Where a long list stands; pages are counted from 1."""

    page: int
    pages: int


class Page(Protocol):
    """What the renderer takes: a page knows its template, and what surrounds it."""

    template: ClassVar[str]

    @property
    def chrome(self) -> Chrome:
        """What surrounds the page."""
        ...
