"""The examples of ``docs/formats`` open with the program as it is, and in no other place."""

import json
import tomllib
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.compartments import Compartment
from domain.journey.card import FrameCard
from domain.journey.journey import Journey
from domain.network.network import Network
from domain.summary.locks import FRAME_LOCK, PARTS_LIMIT
from infrastructure.formats.bundle import Bundle, unlock_bundle
from infrastructure.formats.card import CardRow, open_card
from infrastructure.formats.directory_line import _MAY_SAY, fold, read_line
from infrastructure.formats.entry import EntrySealer, EpochKeys, SealedEvent
from infrastructure.formats.envelope import Tampered, context, padded, unpadded, unseal, unseal_with
from infrastructure.formats.event import EventCodec
from infrastructure.formats.grant import (
    Epoch,
    GrantRow,
    GrantSet,
    epoch_id,
    open_grant,
    parse_grant_set,
)
from infrastructure.formats.group_secret import GroupSecretRow, open_group_secrets
from infrastructure.formats.keys import DecryptionKey, public_bytes
from infrastructure.formats.ledger.entry import read_trace
from infrastructure.formats.ledger_key import LedgerKeyRow, open_ledger_key
from infrastructure.formats.session import OpenSession, finder, open_epochs, open_session, secret_of
from infrastructure.formats.session_certificate import CERTIFICATE_LENGTH, parse_certificate
from infrastructure.formats.shred_secret import WrappedSecret
from infrastructure.house.house import HouseSecrets
from relais.composition import journey_lock
from tests.docs.pages import DOCS, names, rows, section, text
from tests.infrastructure.formats.ledger.published import example, hexadecimal_example

SESSION_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
REFERENT_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32, 64)))
PRIVATE_HALF = DecryptionKey(bytes(range(0xA0, 0x100)))
REFERENT = UUID("33333333-3333-4333-8333-333333333333")
GROUP = UUID("44444444-4444-4444-8444-444444444444")


def given(page: str) -> dict[str, Any]:
    """The values of a page's example; hexadecimal as bytes, identifiers as such."""
    return {
        name: _value(name, value) for name, value in tomllib.loads(example(page, "toml")).items()
    }


def _value(name: str, value: object) -> object:
    if not isinstance(value, str) or name in _WORDS:
        return value
    if value.count("-") == 4:
        return UUID(value)
    return bytes.fromhex(value)


_WORDS = frozenset({"text", "event", "content", "passphrase", "typed", "cookie", "purpose", "act"})


def sealed(name: str) -> bytes:
    """A sealed value that is too long for its page."""
    values = tomllib.loads((Path(__file__).parent / "sealed.toml").read_text("utf-8"))
    return bytes.fromhex(values[name])


def keys_of(lock: int, epoch_key: bytes, shred_secret: bytes) -> EpochKeys:
    """An epoch of an example."""
    return EpochKeys(
        Epoch(epoch_id(epoch_key), lock, bytes(CERTIFICATE_LENGTH), epoch_key), shred_secret
    )


def refused_elsewhere(open_it: Callable[[bytes], object], envelope: bytes) -> None:
    """Whatever bit of it is changed, it does not open."""
    for place in (0, 1, len(envelope) // 2, len(envelope) - 1):
        changed = bytearray(envelope)
        changed[place] ^= 1
        with pytest.raises(Tampered):
            open_it(bytes(changed))


def test_envelope() -> None:
    page = given("envelope.md")
    words = page["text"].encode()
    network = UUID("11111111-1111-4111-8111-111111111111")
    assert page["bound_to"] == context(b"relais/v1/example", network.bytes)
    assert padded(words) == page["padded"]
    assert unpadded(unseal(page["key"], page["envelope"], page["bound_to"])) == words
    assert unseal_with(PRIVATE_HALF, sealed("envelope"), page["bound_to"]) == words
    refused_elsewhere(lambda raw: unseal(page["key"], raw, page["bound_to"]), page["envelope"])
    refused_elsewhere(
        lambda raw: unseal_with(PRIVATE_HALF, raw, page["bound_to"]), sealed("envelope")
    )
    with pytest.raises(Tampered):
        unseal(page["key"], page["envelope"], context(b"relais/v1/other", network.bytes))


def test_entry() -> None:
    page = given("entry.md")
    frame = keys_of(Compartment.FRAME.code, page["frame_key"], page["shred_secret"])
    own = keys_of(Compartment.FOLLOW_UP.code, page["body_key"], page["shred_secret"])

    def opened(keys: list[EpochKeys], **moved: Any) -> Any:
        codec = EventCodec(Journey)
        held = {epoch_keys.id: epoch_keys for epoch_keys in keys}
        sealer = EntrySealer(page["network"], codec, journey_lock, frame.lock, held)
        place = {name: page[name] for name in ("journey", "version", "state")} | moved
        return sealer.open(place["journey"], place["version"], place["state"])

    event = opened([frame, own])
    assert EventCodec(Journey).encode(event).decode() == page["event"]
    assert opened([own]).content == event.content
    day = event.content.occurred_on
    assert opened([frame]) == SealedEvent(page["journey"], 2, Compartment.FOLLOW_UP.code, day)
    assert opened([]) == SealedEvent(page["journey"], 2, None, None)
    with pytest.raises(Tampered):
        opened([own], version=3)


def test_card() -> None:
    page = given("card.md")
    keys = keys_of(Compartment.FRAME.code, page["epoch_key"], page["shred_secret"])
    row = CardRow(page["face"], page["version"], keys.id, page["envelope"])
    card = open_card(page["network"], page["journey"], row, keys)
    assert isinstance(card, FrameCard)
    assert str(card.lead) == json.loads(page["content"])["lead"]
    older = CardRow(page["face"], page["version"] - 1, keys.id, page["envelope"])
    with pytest.raises(Tampered):
        open_card(page["network"], page["journey"], older, keys)


def _given_set() -> tuple[dict[str, Any], GrantSet, GrantRow]:
    page = given("grant.md")
    network = UUID("11111111-1111-4111-8111-111111111111")
    one = parse_grant_set(network, hexadecimal_example("grant.md"), page["signature"])
    row = GrantRow(one.epoch, GROUP, 1, sealed("grant"))
    return {**page, "network": network}, one, row


def test_grant() -> None:
    page, one, row = _given_set()
    certified = {REFERENT: public_bytes(REFERENT_KEY)}
    arguments = (page["network"], one.originator, row, [one], PRIVATE_HALF)
    opened = open_grant(*arguments, certified, {})
    assert (opened.key, opened.lock) == (page["epoch_key"], page["lock"])
    assert (one.ordinal, one.version, one.counter) == (0, 2, 9)
    assert one.members == {(GROUP, 1): sha256(row.envelope).digest()}
    with pytest.raises(Tampered):
        open_grant(*arguments, {REFERENT: public_bytes(SESSION_KEY)}, {})
    with pytest.raises(Tampered):
        open_grant(*arguments, {}, {})


def test_the_locks_of_grants_are_those_of_the_code() -> None:
    said = {}
    for cells in rows(section("formats/grant.md", "Rules")):
        for lock, name in ((cells[0], cells[1]), (cells[2], cells[3])):
            said[names(name)[0]] = int(lock)
    assert said == {one.value: one.code for one in Compartment}
    assert FRAME_LOCK == 64
    assert "Lock 64 is a summary's frame; 65 and on" in text("formats/grant.md")
    assert max(said.values()) < FRAME_LOCK < FRAME_LOCK + PARTS_LIMIT == 255


def test_bundle() -> None:
    page = given("bundle.md")
    arguments = (page["network"], page["referent"], page["bundle"])
    for words in (page["passphrase"], page["typed"]):
        assert unlock_bundle(*arguments, words).to_bytes() == page["plaintext"]
    with pytest.raises(Tampered):
        unlock_bundle(page["network"], GROUP, page["bundle"], page["passphrase"])


def test_session() -> None:
    page = given("session.md")
    secret = secret_of(page["cookie"])
    assert secret is not None
    assert finder(secret) == page["finder"]
    session = open_session(secret, sealed("session"))
    assert (session.referent, session.institution) == (REFERENT, GROUP)
    assert session.groups == {(GROUP, 1): PRIVATE_HALF.raw}
    assert session.purposes == {page["journey"]: page["purpose"]}
    ((_, epochs),) = open_epochs(secret, [(page["journey"], sealed("session_epochs"))])
    (epoch,) = epochs.values()
    certificate = hexadecimal_example("session-certificate.md")
    assert epoch == Epoch(epoch_id(page["epoch_key"]), 2, certificate, page["epoch_key"])
    assert epoch.maker == REFERENT
    with pytest.raises(Tampered):
        list(open_epochs(secret, [(GROUP, sealed("session_epochs"))]))
    assert secret_of(page["cookie"] + "=") is None
    # The last character holds four bits that say nothing: one spelling alone is ours.
    assert secret_of(page["cookie"][:-1] + "9") is None


def test_shred_secret() -> None:
    page = given("shred-secret.md")
    number = page["house_key_number"]
    house = HouseSecrets(SESSION_KEY, {number: page["house_key"]})
    wrapped = WrappedSecret(number, page["envelope"])
    assert house.unwrap(page["network"], page["journey"], wrapped) == page["secret"]
    with pytest.raises(Tampered):
        house.unwrap(page["network"], GROUP, wrapped)
    with pytest.raises(Tampered):
        HouseSecrets(SESSION_KEY, {2: page["house_key"]}).unwrap(
            page["network"], page["journey"], wrapped
        )


class _Directory:
    """The little of a directory that opening a group's private half asks for."""

    def __init__(self, network: UUID, public_key: bytes) -> None:
        self.id = network
        self.groups = {GROUP: self}
        self.public_keys = {1: public_key}


def test_group_secret(unlocked: OpenSession) -> None:
    page = given("group-secret.md")
    half = DecryptionKey(page["private_half"])
    row = GroupSecretRow(page["group"], 1, page["member"], 1, sealed("group_secret"))
    directory: Any = _Directory(page["network"], half.public().raw)
    open_group_secrets(directory, unlocked, [row])
    assert unlocked.groups == {(GROUP, 1): half.raw}
    another: Any = _Directory(page["network"], PRIVATE_HALF.public().raw)
    with pytest.raises(Tampered):
        open_group_secrets(another, unlocked, [row])


@pytest.fixture
def unlocked() -> OpenSession:
    """A session of the examples' referent, without any group."""
    secret = secret_of(given("session.md")["cookie"])
    assert secret is not None
    session = open_session(secret, sealed("session"))
    session.groups.clear()
    session.bundle = Bundle(PRIVATE_HALF, REFERENT_KEY, bytes(32))
    return session


def test_ledger_key() -> None:
    page = given("ledger-key.md")
    row = LedgerKeyRow(page["session_key"], page["holder"], 1, sealed("ledger_key"))
    assert open_ledger_key(page["network"], row, PRIVATE_HALF) == page["ledger_key"]
    moved = LedgerKeyRow(bytes(32), GROUP, 1, row.envelope)
    with pytest.raises(Tampered):
        open_ledger_key(page["network"], moved, PRIVATE_HALF)


def test_ledger_trace() -> None:
    page = given("ledger-trace.md")
    frame = keys_of(Compartment.FRAME.code, page["epoch_key"], page["shred_secret"])
    place = (page["network"], page["journey"], page["body_digest"], frame)
    trace = read_trace(*place, page["trace"])
    assert (trace.at, trace.referent, trace.institution) == (page["at"], REFERENT, GROUP)
    assert (trace.act, trace.purpose, trace.allowed) == (page["act"], page["purpose"], True)
    refused_elsewhere(lambda raw: read_trace(*place, raw), page["trace"])


def test_directory_line() -> None:
    page = given("directory-line.md")
    state = page["kind"] + page["event"].encode() + page["signature"]
    line = read_line(page["network"], EventCodec(Network), page["counter"], state)
    house_key = public_bytes(SESSION_KEY)
    network = fold(None, line, house_key, founding=True)
    assert (network.id, network.counter, network.house_key) == (page["network"], 1, house_key)
    with pytest.raises(Exception, match="directory line 1"):
        fold(None, line, house_key, founding=False)
    moved = read_line(page["network"], EventCodec(Network), 2, state)
    with pytest.raises(Exception, match="directory line 2"):
        fold(None, moved, house_key, founding=True)


def test_who_may_say_a_line_is_told_for_every_line() -> None:
    said = {
        name
        for cells in rows(section("formats/directory-line.md", "Rules"))
        for name in names(cells[0])
    }
    assert said == set(_MAY_SAY)
    bare = {"Event", "Created"}
    assert said | {"NetworkFounded"} == set(EventCodec(Network).topics) - bare


def test_house(tmp_path: Path) -> None:
    house = HouseSecrets.create(tmp_path / "house")
    lines = []
    for path in sorted([tmp_path / "house", *(tmp_path / "house").rglob("*")]):
        name = path.relative_to(tmp_path).as_posix() + ("/" if path.is_dir() else "")
        size = "" if path.is_dir() else f"  {path.stat().st_size} bytes"
        lines.append(f"{name:<16} {path.stat().st_mode & 0o7777:04o}{size}")
    assert "\n".join(lines) + "\n" == example("house.md", "text")
    with pytest.raises(FileExistsError):
        HouseSecrets.create(tmp_path / "house")
    assert HouseSecrets.load(tmp_path / "house").public_key == house.public_key


def test_the_certificate_in_the_examples_is_the_one_of_its_page() -> None:
    certificate = parse_certificate(hexadecimal_example("session-certificate.md"))
    assert certificate.referent == REFERENT
    assert certificate.session_public_key == public_bytes(SESSION_KEY)


def test_each_page_of_a_format_says_its_version_its_code_and_its_rules() -> None:
    pages = sorted((DOCS / "formats").glob("*.md"))
    assert len(pages) >= 18
    for page in pages:
        words = page.read_text("utf-8")
        assert "\nVersion: " in words, page.name
        assert "## Example" in words, page.name
        assert "## Rules" in words, page.name
