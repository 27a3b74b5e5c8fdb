"""The pages of the entrance: logging in and out, the charter."""

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from web.drawing.page import ArticleReference, CarriedForm, Chrome, Form
from web.site.settings import DemonstrationAccount


@dataclass(frozen=True, slots=True)
class LoginPage:
    """The log-in page. ``failed`` shows the constant error; ``destination`` is the path that was asked for."""

    template: ClassVar[str] = "login.html"
    chrome: Chrome
    form: Form = field(default_factory=Form)
    failed: bool = False
    destination: str | None = None
    carried: CarriedForm | None = None
    accounts: tuple[DemonstrationAccount, ...] = ()


@dataclass(frozen=True, slots=True)
class LoggedOutPage:
    """The page after logging out; ``expired`` if the session ended by itself."""

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

    ``fingerprint`` is the signed text's hash, in hexadecimal. ``may_sign_for_institution`` offers that
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
