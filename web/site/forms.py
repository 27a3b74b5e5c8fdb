"""From the values that a browser sends to typed ones, strictly; a mistake comes back beside its field."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, ClassVar, Literal, Self, get_args, get_origin
from urllib.parse import parse_qsl

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from web.drawing.page import FieldError
from web.drawing.words import _

FIELDS_LIMIT = 200
"""How many values one form may send."""

Sent = Mapping[str, tuple[str, ...]]
"""The values that a browser sent for each field, in order."""


class MalformedForm(Exception):
    """No page of ours sends this."""


class FormRefused(Exception):
    """Something typed cannot be accepted; ``errors`` name the fields."""

    def __init__(self, errors: tuple[FieldError, ...]) -> None:
        super().__init__("form")
        self.errors = errors


def parse_form(body: bytes) -> Sent:
    """Read a body of ``application/x-www-form-urlencoded`` as UTF-8. Raises ``MalformedForm``."""
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=bool(body),
            errors="strict",
            max_num_fields=FIELDS_LIMIT,
        )
    except ValueError as error:
        raise MalformedForm from error
    sent: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        sent[name] = (*sent.get(name, ()), value)
    return sent


@dataclass(frozen=True, slots=True, init=False)
class Named:
    """The domain's names for the value of a field: a refusal that names one of them is shown beside the field."""

    names: tuple[str, ...]

    def __init__(self, *names: str) -> None:
        object.__setattr__(self, "names", names)


class Fields(BaseModel):
    """The fields of one form, by the names that the page gives them; ``Named`` adds the domain's.

    A field that the form does not have, or one value sent twice, is refused; an empty value is a
    missing one. ``asks`` says, for a field that must be filled, what to do.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
    asks: ClassVar[Mapping[str, str]] = {}

    @classmethod
    def field_of(cls, name: str) -> str:
        """The field that holds a value which a rule refused under this name; empty if the form has none."""
        for field, declared in cls.model_fields.items():
            named = (part.names for part in _parts(declared) if isinstance(part, Named))
            if name == field or any(name in names for names in named):
                return field
        return ""

    @classmethod
    def read(cls, sent: Sent) -> Self:
        """Check the sent values. Raises ``MalformedForm`` or ``FormRefused``."""
        if not set(sent) <= set(cls.model_fields):
            raise MalformedForm
        given: dict[str, Any] = {}
        for name, field in cls.model_fields.items():
            values = sent.get(name, ())
            if get_origin(field.annotation) is tuple:
                given[name] = values
            elif len(values) > 1:
                raise MalformedForm
            elif values and values[0].strip():
                given[name] = values[0]
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            raise FormRefused(tuple(cls._errors(error))) from None

    @classmethod
    def _errors(cls, error: ValidationError) -> list[FieldError]:
        errors: dict[str, FieldError] = {}
        for wrong in error.errors(include_url=False, include_context=True, include_input=False):
            name, kind = str(wrong["loc"][0]), wrong["type"]
            message = wrong["msg"] if kind == "typed" else _WRONG.get(kind, _CHOOSE)
            if kind == "missing":
                message = cls.asks.get(name, _FILL)
            errors.setdefault(name, FieldError(name, message))
        return list(errors.values())


_FILL = _("Remplissez ce champ.")
_CHOOSE = _("Choisissez une réponse de la liste.")
_INVISIBLE = _("Ce texte contient un caractère invisible qui n’est pas admis : retapez-le.")
_LONG = _("Raccourcissez le texte.")
_DAY = _("Donnez un jour, par exemple 23/11/2026.")
_WRONG = {"string_too_long": _LONG}

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
_BREAKS = re.compile(r"[\r\n\t\u2028\u2029]")
_FRENCH_DAY = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", re.ASCII)
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def words_typed(form: type[Fields]) -> tuple[str, ...]:
    """The fields of a form that people type words into; all others hold codes, days and numbers."""
    return tuple(
        name
        for name, field in form.model_fields.items()
        if any(
            isinstance(part, AfterValidator) and part.func in (_prose, _line)
            for part in _parts(field)
        )
    )


def _parts(declared: FieldInfo) -> Iterator[object]:
    """Everything that the declaration of a field says, to whatever depth."""
    unread: list[object] = [declared.annotation, *declared.metadata]
    while unread:
        part = unread.pop()
        yield part
        unread += [*get_args(part), *getattr(part, "__metadata__", ())]


def _wrong(message: str) -> PydanticCustomError:
    return PydanticCustomError("typed", message)


def _prose(text: str) -> str:
    """Words of several lines: a line ends as a newline, whatever the browser sent."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _CONTROL.search(text):
        raise _wrong(_INVISIBLE)
    return text


def _line(text: str) -> str:
    """Words of one line."""
    if _CONTROL.search(text) or _BREAKS.search(text):
        raise _wrong(_INVISIBLE)
    return text.strip()


def _day(text: str) -> date:
    """A day as a browser's field of days sends it, or as people write it."""
    text = text.strip()
    french = _FRENCH_DAY.fullmatch(text)
    try:
        if french is not None:
            return date(int(french[3]), int(french[2]), int(french[1]))
        if _ISO_DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise _wrong(_DAY)


def _number(text: object) -> int:
    """A whole number above zero as we print it: no sign, no leading zero, ASCII digits."""
    if not isinstance(text, str) or re.fullmatch(r"[1-9][0-9]{0,8}", text, re.ASCII) is None:
        raise _wrong(_CHOOSE)
    return int(text)


def _day_of(text: object) -> date:
    if not isinstance(text, str):
        raise _wrong(_DAY)
    return _day(text)


Prose = Annotated[str, AfterValidator(_prose)]
"""Several lines; give it a ``max_length``."""
OneLine = Annotated[str, AfterValidator(_line)]
"""One line; give it a ``max_length``."""
Line = Annotated[str, Field(max_length=200), AfterValidator(_line)]
Code = Annotated[str, Field(pattern=r"^[a-z0-9_.-]{1,64}$")]
"""A code of a closed list; whether the list has it is checked beside the list."""
Day = Annotated[date, BeforeValidator(_day_of)]
Number = Annotated[int, BeforeValidator(_number)]
Yes = Literal["oui"]
"""A box: sent when ticked."""


class Nothing(Fields):
    """A button alone."""
