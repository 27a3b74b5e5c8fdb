"""The body of a ledger entry: identifiers and codes alone, in one spelling."""

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrastructure.formats import session_certificate as certificates
from infrastructure.formats.ledger import body as ledger_body
from infrastructure.formats.ledger.body import HOUSE, Actor, Detail, LedgerBody, MalformedBody
from tests.infrastructure.formats.ledger.published import ROOT, example, hexadecimal_example

CERTIFICATE = certificates.parse_certificate(hexadecimal_example("session-certificate.md"))
REFERENT = CERTIFICATE.referent
BODY = LedgerBody(
    at=datetime(2026, 3, 2, 9, 30, 15, 123456, tzinfo=UTC),
    who=Actor(REFERENT, "cidff"),
    act="append_action",
    subject=UUID("22222222-2222-4222-8222-222222222222"),
    compartment="follow_up",
    purpose="follow_up",
    ground="consent",
    articles=("4.2",),
    policies=("4.2-factual-actions",),
    allowed=True,
    details={Detail.JOURNEY_VERSION: "12", Detail.DIRECTORY_COUNTER: "40"},
    certificate=CERTIFICATE,
)
HOUSE_BODY = replace(BODY, who=HOUSE, certificate=None, subject=None, articles=(), details={})

codes = st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True)
identifiers = st.uuids().map(str)
numbers = st.integers(0, 10**18).map(str)
forms = {
    Detail.REFERENT: identifiers,
    Detail.INSTITUTION: st.sampled_from(["cidff", "ville-clspd", str(UUID(int=7))]),
    Detail.COUNT: numbers,
    Detail.DIGEST: st.binary(min_size=32, max_size=32).map(bytes.hex),
    Detail.KIND: codes,
}
bodies = st.builds(
    LedgerBody,
    at=st.datetimes(timezones=st.just(UTC)),
    who=st.just(BODY.who),
    act=codes,
    subject=st.none() | st.uuids(),
    compartment=st.none() | st.lists(codes, min_size=1, unique=True).map(",".join),
    purpose=st.none() | codes,
    ground=st.none() | codes,
    articles=st.lists(st.sampled_from(["1.1", "4.2", "14.2", "8"]), unique=True).map(tuple),
    policies=st.lists(codes, unique=True).map(tuple),
    allowed=st.booleans(),
    details=st.fixed_dictionaries({}, optional=forms),
    certificate=st.just(CERTIFICATE),
)


def changed(**fields: object) -> bytes:
    """The example's JSON with fields put in by hand, in the right spelling otherwise."""
    whole = json.loads(BODY.encode()) | fields
    return json.dumps(whole, sort_keys=True, separators=(",", ":")).encode()


def test_the_example_of_the_page() -> None:
    data = example("ledger-body.md", "json").strip().encode()
    assert ledger_body.decode(data) == BODY
    assert BODY.encode() == data


def test_the_page_names_every_detail() -> None:
    page = (ROOT / "docs" / "formats" / "ledger-body.md").read_text("utf-8")
    for detail in Detail:
        assert f"`{detail.value}`" in page


@given(bodies)
def test_what_is_encoded_decodes(body: LedgerBody) -> None:
    assert ledger_body.decode(body.encode()) == body


def test_an_act_of_the_house_has_no_certificate() -> None:
    assert ledger_body.decode(HOUSE_BODY.encode()) == HOUSE_BODY


def test_the_same_moment_in_another_zone_is_the_same_body() -> None:
    paris = replace(BODY, at=BODY.at.astimezone(timezone(timedelta(hours=1))))
    assert paris.encode() == BODY.encode()


def test_a_repr_tells_the_act_alone() -> None:
    assert repr(BODY) == "LedgerBody(act='append_action', allowed=True)"


@pytest.mark.parametrize(
    "fields",
    [
        {"format": "relais/v2/ledger-body"},
        {"more": None},
        {"at": "2026-03-02T09:30:15Z"},
        {"at": "2026-03-02T09:30:15.123456+00:00"},
        {"at": "2026-13-02T09:30:15.123456Z"},
        {"at": "0000-03-02T09:30:15.123456Z"},
        {"at": "2026-03-02T09:30:15.12345\uff16Z"},
        {"at": 0},
        {"who": None},
        {"who": "House"},
        {"who": []},
        {"who": {}},
        {"who": {"referent": str(REFERENT)}},
        {"who": {"referent": str(REFERENT), "institution": "cidff", "name": "x"}},
        {"who": {"referent": str(REFERENT), "institution": "CIDFF de Saône-et-Loire"}},
        {"who": {"referent": str(REFERENT), "institution": 7}},
        {"who": {"referent": REFERENT.hex, "institution": "cidff"}},
        {"who": {"referent": str(UUID(int=9)), "institution": "cidff"}},
        {"who": HOUSE},
        {"certificate": None},
        {"certificate": ""},
        {"certificate": "AAAA"},
        {"certificate": 7},
        {"certificate": base64.b64encode(CERTIFICATE.to_bytes()).decode() + "\n"},
        {"certificate": base64.b64encode(CERTIFICATE.to_bytes() + b"\0").decode()},
        {"act": None},
        {"act": ""},
        {"act": "Append"},
        {"act": "she said"},
        {"act": "append_action\n"},
        {"act": "a" * 65},
        {"act": 7},
        {"subject": "7F3K-2Q"},
        {"subject": 7},
        {"subject": "{22222222-2222-4222-8222-222222222222}"},
        {"subject": "22222222-2222-4222-8222-22222222222A"},
        {"compartment": "Volet santé"},
        {"compartment": ["health"]},
        {"compartment": ""},
        {"compartment": "health,"},
        {"compartment": "health, danger"},
        {"compartment": "health,health"},
        {"purpose": "because she asked"},
        {"ground": False},
        {"articles": "4"},
        {"articles": ["4.2", "4.2"]},
        {"articles": ["four"]},
        {"articles": [4]},
        {"articles": None},
        {"articles": {"4.2": 1}},
        {"policies": ["a word"]},
        {"policies": ["a", "a"]},
        {"allowed": 1},
        {"allowed": "true"},
        {"allowed": None},
        {"details": []},
        {"details": {"note": "x"}},
        {"details": {"referent": "Dupont"}},
        {"details": {"referent": REFERENT.hex}},
        {"details": {"count": 3}},
        {"details": {"count": "03"}},
        {"details": {"count": "\uff14\uff12"}},
        {"details": {"count": "4_2"}},
        {"details": {"digest": "ab" * 31}},
        {"details": {"digest": "AB" * 32}},
        {"details": {"institution": "Hôpital"}},
        {"details": {"kind": "two words"}},
        {"details": {"kind": None}},
    ],
    ids=" ".join,
)
def test_a_field_of_another_form_is_refused(fields: dict[str, Any]) -> None:
    assert ledger_body.decode(changed()) == BODY
    with pytest.raises(MalformedBody):
        ledger_body.decode(changed(**fields))


@pytest.mark.parametrize("key", sorted(json.loads(BODY.encode())))
def test_a_missing_field_is_refused(key: str) -> None:
    fields = json.loads(BODY.encode())
    del fields[key]
    with pytest.raises(MalformedBody):
        ledger_body.decode(json.dumps(fields, sort_keys=True, separators=(",", ":")).encode())


@pytest.mark.parametrize(
    "spell",
    [
        lambda data: data + b"\n",
        lambda data: b" " + data,
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: data.decode().encode("utf-16"),
        lambda data: data.replace(b":", b": ", 1),
        lambda data: data.replace(b"append", b"\\u0061ppend"),
        lambda data: data.replace(b'{"act"', b'{"act":"read","act"'),
        lambda data: data[:-1] + b',"act":"append_action"}',
        lambda data: json.dumps(dict(reversed(json.loads(data).items()))).encode(),
        lambda data: data.replace(b'"40"', b"NaN"),
        lambda data: data[:-1],
        lambda data: data + data,
        lambda _: b"",
        lambda _: b"null",
        lambda _: b"[]",
        lambda _: b"\xff",
        lambda _: b"[" * 100_000,
        lambda _: b"9" * 10_000,
    ],
)
def test_another_spelling_is_refused(spell: Callable[[bytes], bytes]) -> None:
    with pytest.raises(MalformedBody):
        ledger_body.decode(spell(BODY.encode()))


def test_no_change_of_a_byte_decodes_to_the_same_body() -> None:
    data = BODY.encode()
    for place in range(len(data)):
        other = data[:place] + bytes([data[place] ^ 0x20]) + data[place + 1 :]
        try:
            body = ledger_body.decode(other)
        except MalformedBody:
            continue
        assert body != BODY
        assert body.encode() == other


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=4,
)


@given(st.sampled_from(sorted(json.loads(BODY.encode()))), json_values)
def test_any_value_is_refused_or_prints_back(key: str, value: object) -> None:
    data = changed(**{key: value})
    try:
        body = ledger_body.decode(data)
    except MalformedBody:
        return
    assert body.encode() == data


@pytest.mark.parametrize(
    "fields",
    [
        {"at": BODY.at.replace(tzinfo=None)},
        {"act": "two words"},
        {"articles": ("4.2", "4.2")},
        {"details": {Detail.COUNT: "three"}},
        {"certificate": None},
        {"who": HOUSE},
        {"who": Actor(UUID(int=9), "cidff")},
    ],
    ids=str,
)
def test_a_body_that_cannot_be_written_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(MalformedBody):
        replace(BODY, **fields)


def test_an_institution_is_named_by_its_identifier() -> None:
    with pytest.raises(MalformedBody):
        Actor(REFERENT, "Hôpital de Chalon")
