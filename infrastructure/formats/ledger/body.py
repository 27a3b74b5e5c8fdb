"""The body of a ledger entry before it is sealed: who did what, where, why and under which article.

Canonical JSON, described in ``docs/formats/ledger-body.md``. It holds identifiers and codes and no
word of a journey. Padding and sealing are the sealing layer's.
"""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final, Literal
from uuid import UUID

import msgspec

from infrastructure.formats.session_certificate import (
    CertificateError,
    SessionCertificate,
    parse_certificate,
)

FORMAT: Final = "relais/v1/ledger-body"
HOUSE: Final = "house"

_KEYS: Final = frozenset(
    {
        "act",
        "allowed",
        "articles",
        "at",
        "certificate",
        "compartment",
        "details",
        "format",
        "ground",
        "policies",
        "purpose",
        "subject",
        "who",
    }
)
_JSON: Final = msgspec.json.Encoder(order="sorted")
_CODE: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
_INSTITUTION: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_ARTICLE: Final = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3}){0,3}")
_POLICY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,18}")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")


class MalformedBody(Exception):
    """The bytes are not a ledger body in its one spelling, or these fields cannot make one."""


class Detail(StrEnum):
    """The further things that an act may name, by identifier: the closed list of ``details``."""

    ENTRY = "entry"
    SUMMARY = "summary"
    REFERRAL = "referral"
    LEDGER_ENTRY = "ledger_entry"
    HOLDER = "holder"
    REFERENT = "referent"
    GROUP = "group"
    INSTITUTION = "institution"
    JOURNEY_VERSION = "journey_version"
    DIRECTORY_COUNTER = "directory_counter"
    CHARTER_VERSION = "charter_version"
    GENERATION = "generation"
    SEGMENT = "segment"
    COUNT = "count"
    EPOCH = "epoch"
    DIGEST = "digest"
    KIND = "kind"


_DETAIL_FORMS: Final[Mapping[Detail, re.Pattern[str]]] = {
    Detail.ENTRY: _UUID,
    Detail.SUMMARY: _UUID,
    Detail.REFERRAL: _UUID,
    Detail.LEDGER_ENTRY: _UUID,
    Detail.HOLDER: _UUID,
    Detail.REFERENT: _UUID,
    Detail.GROUP: _UUID,
    Detail.INSTITUTION: _INSTITUTION,
    Detail.JOURNEY_VERSION: _NUMBER,
    Detail.DIRECTORY_COUNTER: _NUMBER,
    Detail.CHARTER_VERSION: _NUMBER,
    Detail.GENERATION: _NUMBER,
    Detail.SEGMENT: _NUMBER,
    Detail.COUNT: _NUMBER,
    Detail.EPOCH: _DIGEST,
    Detail.DIGEST: _DIGEST,
    Detail.KIND: _CODE,
}


@dataclass(frozen=True, slots=True)
class Actor:
    """A referent, and the institution for which they acted (its identifier or code)."""

    referent: UUID
    institution: str

    def __post_init__(self) -> None:
        _require(_INSTITUTION, self.institution, "an institution is named by its identifier")


@dataclass(frozen=True, slots=True)
class LedgerBody:
    """One act: allowed or refused, by whom, on what, why and under which rules.

    ``at`` has a time zone. ``who`` is an ``Actor``, with their session's ``certificate``, or
    ``HOUSE``, which has none. ``act``, ``purpose`` and ``ground`` are codes,
    ``compartment`` one or several, joined by commas,
    ``articles`` and ``policies`` those that decided. Raises ``MalformedBody``. Its ``repr`` shows
    the act alone.
    """

    at: datetime = field(repr=False)
    who: Actor | Literal["house"] = field(repr=False)
    act: str
    subject: UUID | None = field(repr=False)
    compartment: str | None = field(repr=False)
    purpose: str | None = field(repr=False)
    ground: str | None = field(repr=False)
    articles: tuple[str, ...] = field(repr=False)
    policies: tuple[str, ...] = field(repr=False)
    allowed: bool
    details: Mapping[Detail, str] = field(repr=False)
    certificate: SessionCertificate | None = field(repr=False)

    def __post_init__(self) -> None:
        if self.at.utcoffset() is None:
            raise MalformedBody("a time has a time zone")
        _require(_CODE, self.act, "a code is lower-case letters, digits and underscores")
        if self.compartment is not None:
            _require_list(_CODE, tuple(self.compartment.split(",")), "a compartment is named once")
        for code in (self.purpose, self.ground):
            if code is not None:
                _require(_CODE, code, "a code is lower-case letters, digits and underscores")
        _require_list(_ARTICLE, self.articles, "an article is numbers and points, named once")
        _require_list(_POLICY, self.policies, "a policy is named by its identifier, once")
        for key, value in self.details.items():
            _require(_DETAIL_FORMS[key], value, "a detail is an identifier of its kind")
        certified = self.certificate.referent if self.certificate else None
        acting = self.who.referent if isinstance(self.who, Actor) else None
        if certified != acting:
            raise MalformedBody("a referent's act has their certificate, the house's none")

    def encode(self) -> bytes:
        """The body in its one spelling: no field can hold a character outside ASCII, or one that JSON escapes."""
        return _JSON.encode(
            {
                "format": FORMAT,
                "at": _encode_moment(self.at),
                "who": _encode_who(self.who),
                "act": self.act,
                "subject": self.subject,
                "compartment": self.compartment,
                "purpose": self.purpose,
                "ground": self.ground,
                "articles": self.articles,
                "policies": self.policies,
                "allowed": self.allowed,
                "details": self.details,
                "certificate": _encode_certificate(self.certificate),
            }
        )


def decode(data: bytes) -> LedgerBody:
    """Read a body, verifying no signature: ``decode(data).encode() == data``.

    Raises ``MalformedBody`` for anything that ``encode`` would not have written.
    """
    try:
        fields = json.loads(data)
        if not isinstance(fields, dict) or fields.keys() != _KEYS or fields["format"] != FORMAT:
            raise MalformedBody("not the fields of this format")
        body = _decode_fields(fields)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, CertificateError):
        raise MalformedBody("a field is not of its form") from None
    # One comparison refuses every other spelling: spaces, order, escapes, a key given twice.
    if body.encode() != data:
        raise MalformedBody("not the one spelling of this body")
    return body


def _decode_fields(fields: Mapping[str, Any]) -> LedgerBody:
    if not isinstance(fields["allowed"], bool):
        raise MalformedBody("allowed is true or false")
    if not _MOMENT.fullmatch(fields["at"]):
        raise MalformedBody("a time is in UTC with microseconds")
    who, subject, certificate = fields["who"], fields["subject"], fields["certificate"]
    return LedgerBody(
        at=datetime.fromisoformat(fields["at"]),
        who=HOUSE if who == HOUSE else Actor(UUID(who["referent"]), who["institution"]),
        act=fields["act"],
        subject=None if subject is None else UUID(subject),
        compartment=fields["compartment"],
        purpose=fields["purpose"],
        ground=fields["ground"],
        articles=tuple(fields["articles"]),
        policies=tuple(fields["policies"]),
        allowed=fields["allowed"],
        details={Detail(key): value for key, value in fields["details"].items()},
        certificate=None
        if certificate is None
        else parse_certificate(base64.b64decode(certificate, validate=True)),
    )


def _encode_moment(at: datetime) -> str:
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _encode_who(who: Actor | Literal["house"]) -> str | dict[str, object]:
    if isinstance(who, Actor):
        return {"referent": who.referent, "institution": who.institution}
    return who


@lru_cache(maxsize=256)
def _encode_certificate(certificate: SessionCertificate | None) -> str | None:
    if certificate is None:
        return None
    return base64.b64encode(certificate.to_bytes()).decode("ascii")


def _require(form: re.Pattern[str], value: str, what: str) -> None:
    if not form.fullmatch(value):
        raise MalformedBody(what)


def _require_list(form: re.Pattern[str], values: tuple[str, ...], what: str) -> None:
    for value in values:
        _require(form, value, what)
    if len(set(values)) != len(values):
        raise MalformedBody(what)
