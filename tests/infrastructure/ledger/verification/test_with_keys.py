"""What verification sees with keys: whose acts the entries are, and whether the secrets open."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.access import Access
from domain.network.network import Network
from infrastructure.directory.accounts import Accounts
from infrastructure.formats.envelope import padded, seal
from infrastructure.formats.group_secret import open_group_secrets
from infrastructure.formats.ledger.body import HOUSE, Actor, LedgerBody
from infrastructure.formats.ledger.entry import LedgerAuthor, LedgerRow, body_context, write_entry
from infrastructure.formats.ledger_key import LedgerKeyRow, open_ledger_key
from infrastructure.formats.session_certificate import certify
from infrastructure.ledger.verification.report import MismatchKind, place
from infrastructure.ledger.verification.with_keys import OpenedReport, verify_bodies, verify_secrets
from tests.infrastructure.ledger.built_ledger import Built, OneConnection, one_of


def directory_of(built: Built) -> Network:
    return built.town.installation.directory.current()


@pytest.fixture(scope="module")
def ledger_keys(built: Built) -> dict[bytes, bytes]:
    """What the coordination opens, in a session that leaves no trace."""
    town, directory = built.town, directory_of(built)
    referent = town.referents["coordination.un"]
    bundle = town.bundles["coordination.un"]
    session = town.installation.entrance.unlocked(directory, referent, bundle, town.clock())
    accounts = Accounts(built.database.app, built.network)
    open_group_secrets(directory, session, accounts.group_secrets(referent))
    keys = {}
    with built.database.app.connection() as connection:
        for row in connection.execute(
            "SELECT session_key, holder, generation, envelope FROM relais.ledger_key"
        ):
            private = session.private_half(row[1], row[2])
            if private is not None:
                one = LedgerKeyRow(*row)
                keys[one.session_key] = open_ledger_key(built.network, one, private)
    return keys


def test_every_body_opens_and_is_by_whom_it_says(
    built: Built, ledger_keys: dict[bytes, bytes]
) -> None:
    report = verify_bodies(built.database.app, directory_of(built), ledger_keys)
    assert report.mismatches == ()
    assert (report.unopened, report.number) == (0, 0)
    assert report.opened > 300


def test_bodies_that_no_given_key_opens_are_counted(
    built: Built, ledger_keys: dict[bytes, bytes]
) -> None:
    whole = verify_bodies(built.database.app, directory_of(built), ledger_keys)
    first = dict([next(iter(ledger_keys.items()))])
    report = verify_bodies(built.database.app, directory_of(built), first)
    assert report.opened > 0
    assert report.opened + report.unopened == whole.opened
    assert report.number == 0


def test_an_altered_body_does_not_open(built: Built, ledger_keys: dict[bytes, bytes]) -> None:
    with built.tampering() as connection:
        (subject,) = connection.execute(
            "UPDATE relais.ledger_body SET subject = gen_random_uuid() WHERE entry = 8"
            " RETURNING subject"
        ).fetchone()
        report = verify_bodies(OneConnection(connection), directory_of(built), ledger_keys)
    assert [
        (mismatch.kind, mismatch.where, mismatch.subject) for mismatch in report.mismatches
    ] == [(MismatchKind.BODY_UNOPENED, place("ledger_body", entry=8), subject)]
    # And all others do.
    others = one_of(built, "SELECT count(*) - 1 FROM relais.ledger_body")
    assert (report.opened, report.unopened) == (others, 0)


def told(built: Built, row: LedgerRow, ledger_key: bytes) -> OpenedReport:
    """The report on one entry more, whose body the coordination opens."""
    with built.tampering() as connection:
        connection.execute("DELETE FROM relais.ledger_body")
        connection.execute(
            "INSERT INTO relais.ledger_body (entry, network, subject, session_key, body)"
            " VALUES (1, %b, %b, %b, %b)",
            (built.network, row.subject, row.session_key, row.body),
        )
        keys = {row.session_key: ledger_key}
        return verify_bodies(OneConnection(connection), directory_of(built), keys)


def author_of(built: Built, **changed: Any) -> LedgerAuthor:
    return replace(LedgerAuthor.of(built.town.who("cidff.un")), **changed)


def certified(built: Built, **changed: Any) -> Any:
    """A certificate by the referent's own key, that says something else."""
    author = author_of(built)
    assert author.certificate is not None
    fields: dict[str, Any] = {
        "network": author.network,
        "referent": author.certificate.referent,
        "session_public_key": author.certificate.session_public_key,
        "not_before": author.certificate.not_before,
        "not_after": author.certificate.not_after,
        "key": built.town.bundles["cidff.un"].signing,
    }
    return certify(**{**fields, **changed})


def authors(built: Built) -> dict[str, LedgerAuthor]:
    """Pens whose acts are nobody's."""
    author = author_of(built)
    assert isinstance(author.who, Actor)
    stranger = uuid4()
    return {
        "another institution": author_of(built, who=replace(author.who, institution=str(uuid4()))),
        "another network": author_of(built, certificate=certified(built, network=uuid4())),
        "another session": author_of(
            built, certificate=certified(built, session_public_key=bytes(32))
        ),
        "an unknown referent": author_of(
            built,
            who=replace(author.who, referent=stranger),
            certificate=certified(built, referent=stranger),
        ),
        "another referent's key": author_of(
            built, certificate=certified(built, key=Ed25519PrivateKey.generate())
        ),
        "not the house": author_of(built, who=HOUSE, certificate=None),
    }


@pytest.mark.parametrize(
    "name",
    [
        "another institution",
        "another network",
        "another session",
        "an unknown referent",
        "another referent's key",
        "not the house",
    ],
)
def test_an_act_that_nobody_certified_is_named(built: Built, name: str) -> None:
    author = authors(built)[name]
    row = write_entry(author, Access("erase", built.town.clock()), (), None)
    report = told(built, row, author.ledger_key)
    assert [mismatch.kind for mismatch in report.mismatches] == [MismatchKind.CERTIFICATE_REFUSED]


def test_the_house_says_nothing_but_its_own_acts(built: Built) -> None:
    house = built.town.house
    author = LedgerAuthor.of_house(built.network, house.signing_key, house.ledger_key)
    found = [
        told(
            built, write_entry(author, Access(act, built.town.clock()), (), None), author.ledger_key
        )
        for act in ("erase", "log_in")
    ]
    assert [report.number for report in found] == [0, 1]


@pytest.mark.parametrize("hours", [0, 11], ids=["within", "after"])
def test_a_session_acts_within_its_span(built: Built, hours: int) -> None:
    author = author_of(built)
    at = built.town.clock() + timedelta(hours=hours)
    report = told(built, write_entry(author, Access("log_in", at), (), None), author.ledger_key)
    assert report.number == (1 if hours else 0)


def test_a_body_of_another_journey_than_its_header_is_named(built: Built) -> None:
    author, subject = author_of(built), uuid4()
    row = write_entry(author, Access("consult", built.town.clock(), subject), (), None)
    body = LedgerBody(
        at=built.town.clock(),
        who=author.who,
        act="consult",
        subject=uuid4(),
        compartment=None,
        purpose=None,
        ground=None,
        articles=(),
        policies=(),
        allowed=True,
        details={},
        certificate=author.certificate,
    )
    bound_to = body_context(built.network, subject, row.session_key)
    sealed = seal(author.ledger_key, padded(body.encode()), bound_to)
    report = told(built, replace(row, body=sealed), author.ledger_key)
    assert [
        (mismatch.kind, mismatch.where, mismatch.subject) for mismatch in report.mismatches
    ] == [(MismatchKind.CERTIFICATE_REFUSED, place("ledger_body", entry=1), subject)]


def test_every_secret_opens_with_the_house(built: Built) -> None:
    report = verify_secrets(built.database.app, built.network, built.town.house)
    secrets = one_of(built, "SELECT count(*) FROM relais.shred_secret")
    assert secrets > len(built.journeys)
    assert report == OpenedReport(secrets, 0, (), 0)


@pytest.mark.parametrize(
    "change", ["envelope = envelope || '\\x00'::bytea", "house_key = house_key + 1"]
)
def test_an_altered_secret_is_named(built: Built, change: str) -> None:
    journey = built.journeys[0]
    with built.tampering() as connection:
        connection.execute(
            f"UPDATE relais.shred_secret SET {change} WHERE originator = %b".encode(),  # noqa: S608 (changes above)
            (journey,),
        )
        report = verify_secrets(OneConnection(connection), built.network, built.town.house)
    assert [
        (mismatch.kind, mismatch.where, mismatch.subject) for mismatch in report.mismatches
    ] == [(MismatchKind.SECRET_UNOPENED, place("shred_secret", originator=journey), journey)]
