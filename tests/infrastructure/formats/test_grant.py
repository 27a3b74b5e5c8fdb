"""Epochs and grants: each check of an opened grant, refused by itself."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.holders import HolderKey
from infrastructure.formats.bundle import Bundle
from infrastructure.formats.envelope import Tampered, context, seal_to
from infrastructure.formats.grant import (
    Epoch,
    GrantRow,
    GrantSet,
    epoch_id,
    grant,
    new_epoch,
    open_grant,
    parse_grant_set,
)
from infrastructure.formats.keys import DecryptionKey
from infrastructure.formats.session import OpenSession, begin

NETWORK, JOURNEY, HOLDER = uuid4(), uuid4(), uuid4()
PAIR = DecryptionKey.generate()


@dataclass
class Given:
    """A grant as it was made, and who may check it."""

    session: OpenSession
    epoch: Epoch
    row: GrantRow
    set: GrantSet

    def opened(self, *, row: GrantRow | None = None, sets: list[GrantSet] | None = None) -> Epoch:
        keys = {self.session.referent: self.session.bundle.signing_public}
        found = [self.set] if sets is None else sets
        return open_grant(NETWORK, JOURNEY, row or self.row, found, PAIR, keys, {})


@pytest.fixture
def given() -> Given:
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    session = begin(NETWORK, uuid4(), uuid4(), Bundle.generate(), at)
    epoch = new_epoch(2, session.certificate)
    made, rows = sealed(session, epoch)
    return Given(session, epoch, rows[0], made)


def sealed(session: OpenSession, epoch: Epoch, ordinal: int = 0) -> tuple[GrantSet, list[GrantRow]]:
    return grant(
        NETWORK,
        JOURNEY,
        epoch,
        [HolderKey(HOLDER, 3, PAIR.public().raw, HOLDER)],
        ordinal=ordinal,
        version=5,
        counter=9,
        certificate=session.certificate,
        key=session.signing,
    )


def put_in(given: Given, plaintext: bytes) -> tuple[GrantRow, GrantSet]:
    """A grant of other content, named by a set that the same session signs."""
    fields = (NETWORK.bytes, JOURNEY.bytes, given.epoch.id, HOLDER.bytes, (3).to_bytes(4, "big"))
    envelope = seal_to(PAIR.public(), plaintext, context(b"relais/v1/grant", *fields))
    row = replace(given.row, envelope=envelope)
    return row, given.set


def test_a_grant_gives_the_epoch_and_who_gave_it(given: Given) -> None:
    assert given.opened() == given.epoch
    assert given.epoch.id == epoch_id(given.epoch.key)
    assert (given.set.version, given.set.counter, given.set.ordinal) == (5, 9, 0)


def test_a_key_that_is_passed_on_says_who_made_it(given: Given) -> None:
    passed, rows = sealed(another(given), given.epoch, ordinal=1)
    assert given.opened(row=rows[0], sets=[given.set, passed]) == given.epoch
    assert given.epoch.maker == given.session.referent


def test_a_key_that_is_passed_on_without_its_birth_is_refused(given: Given) -> None:
    passed, rows = sealed(another(given), given.epoch, ordinal=1)
    for sets in ([passed], [replace(given.set, ordinal=1), passed]):
        with pytest.raises(Tampered):
            given.opened(row=rows[0], sets=sets)


def test_a_key_of_ones_own_is_not_passed_on_as_anothers(given: Given) -> None:
    """Attack case 33: somebody who may give keys does not make any in another's name."""
    thief = another(given)
    own = new_epoch(2, thief.certificate)
    born, _ = sealed(thief, own)
    claimed = replace(own, certificate=given.session.certificate.to_bytes())
    for ordinal in (0, 1):
        passed, rows = sealed(thief, claimed, ordinal)
        with pytest.raises(Tampered):
            given.opened(row=rows[0], sets=[born, passed])


def another(given: Given) -> OpenSession:
    """Another session of the same referent, certified too."""
    begun = given.session.begun_at + timedelta(hours=1)
    return begin(NETWORK, given.session.referent, uuid4(), given.session.bundle, begun)


def test_a_grant_that_no_set_names_is_refused(given: Given) -> None:
    other, _ = sealed(given.session, new_epoch(2, given.session.certificate))
    twin, _ = sealed(given.session, given.epoch)
    elsewhere = replace(given.set, originator=uuid4())
    for sets in ([], [other], [twin], [elsewhere]):
        with pytest.raises(Tampered):
            given.opened(sets=sets)


@pytest.mark.parametrize("field", ["holder", "generation", "epoch"])
def test_a_grant_in_another_place_is_refused(given: Given, field: str) -> None:
    moved: dict[str, Any] = {"holder": uuid4(), "generation": 4, "epoch": bytes(32)}
    row = replace(given.row, **{field: moved[field]})
    with pytest.raises(Tampered):
        given.opened(row=row)


def test_a_key_that_is_not_the_epochs_is_refused(given: Given) -> None:
    certificate = given.session.certificate.to_bytes()
    for plaintext in (b"\x02" + bytes(32) + certificate, b"\x02" + given.epoch.key, b""):
        row, named = put_in(given, plaintext)
        with pytest.raises(Tampered):
            given.opened(row=row, sets=[named])


def test_what_is_no_certificate_is_refused(given: Given) -> None:
    certificate = bytearray(given.session.certificate.to_bytes())
    certificate[0] ^= 1
    row, _ = put_in(given, b"\x02" + given.epoch.key + bytes(certificate))
    with pytest.raises(Tampered):
        given.opened(row=row)


def test_a_session_that_no_referent_certified_is_refused(given: Given) -> None:
    stranger = Bundle.generate().signing_public
    cases: list[dict[UUID, bytes]] = [{}, {given.session.referent: stranger}]
    for keys in cases:
        with pytest.raises(Tampered):
            open_grant(NETWORK, JOURNEY, given.row, [given.set], PAIR, keys, {})


def test_a_session_of_another_network_is_refused(given: Given) -> None:
    elsewhere = begin(
        uuid4(), given.session.referent, uuid4(), given.session.bundle, given.session.begun_at
    )
    made, rows = sealed(elsewhere, given.epoch)
    with pytest.raises(Tampered):
        given.opened(row=rows[0], sets=[made])


def test_a_set_signed_by_another_session_is_refused(given: Given) -> None:
    made, _ = sealed(another(given), given.epoch)
    for spoilt in (
        replace(given.set, signature=made.signature),
        replace(given.set, session_key=made.session_key),
    ):
        with pytest.raises(Tampered):
            given.opened(sets=[spoilt])


def test_a_certificate_found_good_once_is_not_checked_again(given: Given) -> None:
    checked: dict[bytes, Any] = {}
    keys = {given.session.referent: given.session.bundle.signing_public}
    for _ in range(2):
        open_grant(NETWORK, JOURNEY, given.row, [given.set], PAIR, keys, checked)
    assert len(checked) == 1
    keys = {given.session.referent: Bundle.generate().signing_public}
    with pytest.raises(Tampered):
        open_grant(NETWORK, JOURNEY, given.row, [given.set], PAIR, keys, checked)


def test_a_set_that_does_not_parse_is_refused(given: Given) -> None:
    payload, signature = given.set.payload, given.set.signature
    assert parse_grant_set(NETWORK, payload, signature) == given.set
    for spoilt in (b"", payload[:-1], payload + b"\0", b"x" + payload[1:]):
        with pytest.raises(Tampered):
            parse_grant_set(NETWORK, spoilt, signature)
    with pytest.raises(Tampered):
        parse_grant_set(uuid4(), payload, signature)


def test_an_epoch_whose_birth_is_not_there_is_refused(given: Given) -> None:
    """Whoever passed it on made it too, they say: then a set of theirs is its birth."""
    made, rows = sealed(given.session, given.epoch, ordinal=1)
    assert given.opened(row=rows[0], sets=[given.set, made]).key == given.epoch.key
    with pytest.raises(Tampered):
        given.opened(row=rows[0], sets=[made])


def test_a_set_reads_as_it_was_made_whatever_its_numbers(given: Given) -> None:
    made, _ = grant(
        NETWORK,
        JOURNEY,
        given.epoch,
        [HolderKey(HOLDER, 0x01020304, PAIR.public().raw, HOLDER)],
        ordinal=0x05060708,
        version=0x090A0B0C,
        counter=0x0D0E0F10,
        certificate=given.session.certificate,
        key=given.session.signing,
    )
    assert (made.ordinal, made.version, made.counter) == (0x05060708, 0x090A0B0C, 0x0D0E0F10)
    read = parse_grant_set(NETWORK, made.payload, made.signature)
    assert read == made
    assert list(read.members) == [(HOLDER, 0x01020304)]
