"""The entrance: logging in and out, the charter, every answer that is not the page asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar

from web.drawing.page import ArticleReference, CarriedForm, Chrome, Form
from web.site.settings import DemonstrationAccount


@dataclass(frozen=True, slots=True)
class LoginPage:
    """``failed`` shows the one constant error; ``destination`` is the path that was asked for."""

    template: ClassVar[str] = "login.html"
    chrome: Chrome
    form: Form = field(default_factory=Form)
    failed: bool = False
    destination: str | None = None
    carried: CarriedForm | None = None
    accounts: tuple["DemonstrationAccount", ...] = ()


@dataclass(frozen=True, slots=True)
class LoggedOutPage:
    """After logging out; ``expired`` when the session ended by itself."""

    template: ClassVar[str] = "logged_out.html"
    chrome: Chrome
    expired: bool = False


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter of the charter and its articles."""

    title: str
    articles: tuple[ArticleReference, ...]


@dataclass(frozen=True, slots=True)
class CharterPage:
    """The charter's articles, and whether both have signed."""

    template: ClassVar[str] = "charter.html"
    chrome: Chrome
    version: str
    in_force_from: date
    chapters: tuple[Chapter, ...]
    referent_signed: bool
    institution_signed: bool


@dataclass(frozen=True, slots=True)
class SignaturePage:
    """The only page shown while a signature is missing (article 1.1).

    ``fingerprint`` is what is signed, in hexadecimal. ``may_sign_for_institution`` offers that
    signature too.
    """

    template: ClassVar[str] = "signature.html"
    chrome: Chrome
    version: str
    in_force_from: date
    fingerprint: str
    chapters: tuple[Chapter, ...]
    referent_missing: bool
    institution_missing: bool
    may_sign_for_institution: bool
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, slots=True)
class RefusalPage:
    """403: a rule said no, to somebody who takes part.

    ``typed`` is the text kept, by field label.
    """

    template: ClassVar[str] = "refusal.html"
    chrome: Chrome
    message: str
    articles: tuple[ArticleReference, ...]
    ask: str | None = None
    back: str | None = None
    typed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """400, 404, 405, 413, 429, 500 or 503.

    ``reference`` finds the line of the log; ``retry_minutes`` is for 429, 503.
    """

    template: ClassVar[str] = "error.html"
    chrome: Chrome
    status: int
    reference: str | None = None
    retry_minutes: int | None = None
    typed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class MeanwhileChange:
    """What somebody else did while the form was being typed."""

    at: datetime
    person: str
    institution: str
    what: str


@dataclass(frozen=True, slots=True)
class StalePage:
    """409: the journey moved.

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
