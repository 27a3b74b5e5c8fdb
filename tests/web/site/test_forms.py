"""What a browser sends is read strictly: what we print parses back to itself, and nothing else is taken for it."""

from datetime import date
from urllib.parse import urlencode

import pytest
from annotated_types import MaxLen
from hypothesis import given
from hypothesis import strategies as some

from web.drawing.labels import WRITABLE
from web.journey.fields import ActionFields, ReopenFields
from web.routes import ROUTES
from web.site.forms import (
    Day,
    Fields,
    FormRefused,
    Line,
    MalformedForm,
    Number,
    Prose,
    _parts,
    parse_form,
)


class Sample(Fields):
    """One field of each sort."""

    number: Number | None = None
    day: Day | None = None
    line: Line = ""
    prose: Prose = ""
    several: tuple[str, ...] = ()


def read(**sent: str) -> Sample:
    """What the sample form makes of what was sent."""
    return Sample.read({name: (value,) for name, value in sent.items()})


@given(some.lists(some.tuples(some.text(max_size=9), some.text(max_size=30)), max_size=12))
def test_what_a_browser_encodes_comes_back(pairs: list[tuple[str, str]]) -> None:
    """Given any names and values, when a browser encodes them, then each value comes back in its order."""
    sent = parse_form(urlencode(pairs).encode())
    assert sorted((name, value) for name in sent for value in sent[name]) == sorted(pairs)
    for name, values in sent.items():
        assert list(values) == [value for known, value in pairs if known == name]


@given(some.binary(max_size=60))
def test_any_bytes_are_a_form_or_are_refused(body: bytes) -> None:
    """Given any bytes, when they are read, then they are text, or refused by name."""
    try:
        sent = parse_form(body)
    except MalformedForm:
        return
    assert all(value.encode() is not None for values in sent.values() for value in values)


@given(some.integers(1, 999_999_999))
def test_numbers_are_read_as_we_print_them(number: int) -> None:
    """Given a number as we print it, when it is read, then it is that number."""
    assert read(number=str(number)).number == number


@given(some.text(max_size=12))
def test_no_other_text_is_a_number(text: str) -> None:
    """Given any text, when it is read as a number, then it prints back to the same text."""
    try:
        found = read(number=text).number
    except FormRefused:
        return
    assert found is None or str(found) == text


@given(some.dates(min_value=date(1900, 1, 1)))
def test_days_are_read_as_browsers_and_as_people_write_them(day: date) -> None:
    """Given a day, when it is written either way, then it is that day."""
    assert read(day=day.isoformat()).day == day
    assert read(day=f"{day.day}/{day.month}/{day.year}").day == day


@given(some.text(max_size=12))
def test_no_other_text_is_a_day(text: str) -> None:
    """Given any text, when it is read as a day, then it is one or it is refused."""
    try:
        found = read(day=text).day
    except FormRefused:
        return
    assert found is None or text.strip()[:1].isdigit()


@given(some.text(max_size=40))
def test_words_hold_no_invisible_character(text: str) -> None:
    """Given any words, when they are read, then no control character is among them, or they are refused."""
    for name, allowed in (("line", ""), ("prose", "\n\t")):
        try:
            found = getattr(read(**{name: text}), name)
        except FormRefused:
            continue
        assert not [letter for letter in found if ord(letter) < 32 and letter not in allowed]


def test_what_the_form_does_not_have_is_refused() -> None:
    """An unknown field, and one value sent twice, come from no page of ours."""
    with pytest.raises(MalformedForm):
        read(other="1")
    with pytest.raises(MalformedForm):
        Sample.read({"line": ("a", "b")})
    assert Sample.read({"several": ("a", "b")}).several == ("a", "b")


def test_every_error_is_told_once_beside_its_field() -> None:
    """Given several fields that are wrong, when the form is read, then each has one error, in words of ours."""
    with pytest.raises(FormRefused) as refused:
        ActionFields.read({"texte": ("a" * 4001,), "date": ("hier",), "version": ("0",)})
    errors = {error.field: error.message for error in refused.value.errors}
    assert errors == {
        "genre": "Choisissez ce qui a été fait.",
        "texte": "Raccourcissez le texte.",
        "date": "Donnez un jour, par exemple 23/11/2026.",
        "version": "Choisissez une réponse de la liste.",
    }


def test_each_field_has_one_bound() -> None:
    """Given two lengths in the declaration of a field, when it is read, then the wrong one may hold: none has two."""
    bounds = {
        (route.name, name): {part.max_length for part in _parts(field) if isinstance(part, MaxLen)}
        for route in ROUTES
        if route.form
        for name, field in route.form.model_fields.items()
    }
    assert {name: found for name, found in bounds.items() if len(found) > 1} == {}


def test_the_readers_of_every_compartment_fit_into_the_action() -> None:
    """Given an author who writes everywhere, when a network has a hundred readers, then their form is accepted."""
    shown = " ".join(f"{compartment.value}=100-{'f' * 16}" for compartment in WRITABLE)
    sent = {"genre": ("note",), "version": ("1",), "destinataires": (shown,)}
    assert ActionFields.read(sent).destinataires == shown


def test_an_empty_value_is_a_missing_one() -> None:
    """Given spaces where words are asked for, when the form is read, then they are missing."""
    with pytest.raises(FormRefused) as refused:
        ReopenFields.read({"raison": ("  ",), "version": ("3",)})
    assert refused.value.errors[0].message == "Dites en une ligne pourquoi le suivi est rouvert."


def test_what_was_typed_stands_in_no_error() -> None:
    """Given words that are refused, when the error is printed, then it does not hold them."""
    with pytest.raises(FormRefused) as refused:
        ActionFields.read({"texte": ("Vallonne\x00",), "version": ("1",), "genre": ("note",)})
    assert "Vallonne" not in repr(refused.value) + repr(refused.value.errors)
