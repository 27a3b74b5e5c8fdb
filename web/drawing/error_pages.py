"""The pages that say what went wrong."""

from dataclasses import dataclass
from typing import ClassVar

from web.drawing.page import ArticleReference, Chrome


@dataclass(frozen=True, slots=True)
class RefusalPage:
    """403 or 409: a rule said no, to somebody who takes part.

    ``ask`` names whom to ask instead, ``back`` is where to go on; ``typed`` is the text kept, by field label.
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
