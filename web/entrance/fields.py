"""The forms of log-in and of the charter."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from web.drawing.words import _
from web.site.forms import Code, Fields, Line, Yes


class LoginFields(Fields):
    """Log in; further fields that begin with ``garde.`` are a kept form."""

    asks: ClassVar[Mapping[str, str]] = {
        "identifiant": _("Tapez votre identifiant."),
        "phrase": _("Tapez votre phrase secrète."),
    }
    identifiant: Line
    phrase: Line = Field(repr=False)
    suite: Line | None = None
    reprise: Line | None = None


class LanguageFields(Fields):
    """Change the language of the pages."""

    langue: Literal["fr", "en"]
    suite: Line = "/"


class SignatureFields(Fields):
    """Sign the charter: ``empreinte`` is the fingerprint that the page showed."""

    asks: ClassVar[Mapping[str, str]] = {"lu": _("Cochez pour signer.")}
    empreinte: Code
    lu: Yes
    institution: Yes | None = None
