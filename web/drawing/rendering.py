"""From a view model to a page: Jinja with every value escaped, the reader's language, and dates."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from jinja2 import (
    ChainableUndefined,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
    pass_context,
)
from jinja2.runtime import Context
from markupsafe import Markup

from web.drawing.moments import Moments
from web.drawing.page import Chrome, Page
from web.drawing.pictures import HeatCounts, heat_table
from web.drawing.served_files import ServedFiles

ROOM = Path(__file__).resolve().parent.parent
SOURCE_LANGUAGE = "fr"
LANGUAGES = ("fr", "en")

LIBRARY_MACROS = {
    "button": "govukButton",
    "checkboxes": "govukCheckboxes",
    "details": "govukDetails",
    "error-summary": "govukErrorSummary",
    "input": "govukInput",
    "radios": "govukRadios",
    "select": "govukSelect",
    "skip-link": "govukSkipLink",
    "textarea": "govukTextarea",
}


_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_BEFORE_PUNCTUATION = re.compile(r" (?=[:;?!»])|(?<=«) ")


_OVERRIDES = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
"""Characters that turn around the order in which the words after them are shown: left out. What Arabic
or Hebrew needs, the pages' own ``dir`` and ``bdi`` give."""


class SourceMessages(NullTranslations):
    """French, the language of the message ids: none and one are singular."""

    def gettext(self, message: str) -> str:
        """Return the message as French prints it: curved apostrophes, no break before marks."""
        return _BEFORE_PUNCTUATION.sub("\u00a0", _APOSTROPHE.sub("’", message))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the singular below two, as French counts."""
        return self.gettext(msgid1 if abs(n) < 2 else msgid2)


class UnknownLanguageError(Exception):
    """No catalogue for this language."""


@dataclass(frozen=True, slots=True)
class _Reader:
    """The environment and the catalogue of one language."""

    environment: Environment
    messages: NullTranslations


class Renderer:
    """Renders pages. Built once, holds no page, and may be used by several threads."""

    def __init__(self, files: ServedFiles, zone: tzinfo) -> None:
        """Load the templates and catalogues of every language.

        Raises ``FileNotFoundError`` if a catalogue was not compiled.
        """
        macros = _library_macros()
        self._readers = {language: _reader(language, files, zone, macros) for language in LANGUAGES}

    def render(self, page: Page) -> str:
        """Return the whole page as HTML, in the language of its chrome."""
        environment = self._reader(page.chrome.language).environment
        html = environment.get_template(page.template).render(page=page, chrome=page.chrome)
        return html.translate(_OVERRIDES)

    def messages(self, language: str) -> NullTranslations:
        """Return a language's catalogue, for sentences composed outside of templates."""
        return self._reader(language).messages

    def _reader(self, language: str) -> _Reader:
        if language not in self._readers:
            raise UnknownLanguageError(language)
        return self._readers[language]


def _reader(
    language: str, files: ServedFiles, zone: tzinfo, macros: Mapping[str, Callable[..., Markup]]
) -> _Reader:
    messages = _messages(language)
    environment = Environment(
        loader=FileSystemLoader(sorted(ROOM.glob("*/templates"))),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.install_gettext_translations(messages, newstyle=True)  # type: ignore[attr-defined]
    environment.globals.update(macros)
    environment.globals["address"] = files.address
    moments = Moments(language, zone, messages.gettext)
    environment.filters.update(_date_filters(moments))
    environment.tests["iso_day"] = _is_iso_day
    environment.filters["label"] = lambda text: messages.gettext(text) if text else ""
    environment.globals["heat_picture"] = lambda heat: _heat_picture(heat, moments)
    environment.globals["weekdays"] = [moments.weekday(day) for day in range(7)]
    return _Reader(environment, messages)


def _messages(language: str) -> NullTranslations:
    if language == SOURCE_LANGUAGE:
        return SourceMessages()
    catalogue = ROOM / "locale" / language / "LC_MESSAGES" / "relais.mo"
    with catalogue.open("rb") as opened:
        return GNUTranslations(opened)


def _library_macros() -> dict[str, Callable[..., Markup]]:
    """Return the form library's macros as functions.

    They look for parameters that nobody gave, so they live in an environment of their own, and
    ours stays strict.
    """
    environment = Environment(
        loader=PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        autoescape=True,
        undefined=ChainableUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    macros: dict[str, Callable[..., Markup]] = {}
    for component, name in LIBRARY_MACROS.items():
        template = environment.get_template(
            f"govuk_frontend_jinja/components/{component}/macro.html"
        )
        macros[name] = getattr(template.module, name)
    return macros


def _date_filters(moments: Moments) -> dict[str, Callable[..., str]]:
    """Return the filters that write days and times; those that need it take the page's own hour."""

    def now(context: Context) -> datetime:
        chrome: Chrome = context["chrome"]
        return chrome.now

    @pass_context
    def day(context: Context, value: date) -> str:
        return moments.day(value, now(context))

    @pass_context
    def long_day(context: Context, value: date) -> str:
        return moments.long_day(value, now(context))

    @pass_context
    def due(context: Context, value: date) -> str:
        return moments.due(value, now(context))

    @pass_context
    def moment(context: Context, value: datetime) -> str:
        return moments.moment(value, now(context))

    return {
        "day": day,
        "long_day": long_day,
        "due": due,
        "moment": moment,
        "time": moments.time,
        "stamp": moments.stamp,
        "number": moments.number,
    }


def _is_iso_day(typed: str) -> bool:
    """Whether the typed text is a day as a browser's field of days writes it."""
    try:
        return date.fromisoformat(typed).isoformat() == typed
    except ValueError:
        return False


def _heat_picture(heat: HeatCounts, moments: Moments) -> Markup:
    gettext = moments.gettext
    return heat_table(
        heat,
        tuple(moments.weekday(day) for day in range(7)),
        gettext("Accès par jour de la semaine et par heure"),
        gettext(
            "Plus une case est foncée, plus il y a eu d’accès. Les nombres suivent en tableau."
        ),
        lambda hour: f"{hour}\u00a0h",
    )
