"""Checkpoints against published notes, and against every other spelling of the same bytes."""

import base64
from operator import itemgetter
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from infrastructure.formats.ledger import checkpoint as checkpoints
from infrastructure.formats.ledger import tree as merkle
from infrastructure.formats.ledger.checkpoint import Checkpoint
from tests.infrastructure.formats.ledger.published import example, vectors

VECTORS = vectors(
    "notes.toml",
    {
        "log": {"origin", "leaves"},
        "checkpoint": {"keys", "note", "origin", "size", "root"},
        "verifier_key": {"name", "key"},
        "refused_note": {"keys", "note", "expected"},
        "refused_verifier_key": {"key", "expected"},
    },
)
NAME = "relais.example/chalon"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
CHECKPOINT = Checkpoint(NAME, 300, bytes(range(32)))
NOTE = checkpoints.sign(CHECKPOINT, NAME, KEY)

origins = st.text(st.characters(codec="utf-8"), min_size=1).filter(lambda text: min(text) >= " ")
names = origins.filter(lambda text: "+" not in text and not any(map(str.isspace, text)))
some_checkpoints = st.builds(
    Checkpoint,
    origins,
    st.integers(0, checkpoints.MAXIMUM_SIZE),
    st.binary(min_size=32, max_size=32),
)
keys = st.binary(min_size=32, max_size=32).map(Ed25519PrivateKey.from_private_bytes)


def known(vector: dict[str, Any]) -> dict[str, Ed25519PublicKey]:
    return dict(checkpoints.parse_verifier_key(key) for key in vector["keys"])


@pytest.mark.parametrize("vector", VECTORS["checkpoint"], ids=itemgetter("comment"))
def test_published_checkpoints_open(vector: dict[str, Any]) -> None:
    opened = checkpoints.open_note(vector["note"], known(vector))
    root = base64.b64decode(vector["root"])
    assert opened == Checkpoint(vector["origin"], vector["size"], root)
    assert checkpoints.parse_note(vector["note"]).print() == vector["note"]


@pytest.mark.parametrize("vector", VECTORS["checkpoint"], ids=itemgetter("comment"))
def test_a_published_root_is_that_of_the_published_leaves(vector: dict[str, Any]) -> None:
    (log,) = (log for log in VECTORS["log"] if log["origin"] == vector["origin"])
    leaves = [merkle.leaf_hash(leaf.encode()) for leaf in log["leaves"][: vector["size"]]]
    assert merkle.root(leaves) == base64.b64decode(vector["root"])


@pytest.mark.parametrize("vector", VECTORS["refused_note"], ids=itemgetter("comment"))
def test_other_notes_are_refused(vector: dict[str, Any]) -> None:
    with pytest.raises(checkpoints.NoteError) as refused:
        checkpoints.open_note(vector["note"], known(vector))
    assert refused.type.__name__ == vector["expected"]


@pytest.mark.parametrize("vector", VECTORS["verifier_key"], ids=itemgetter("key"))
def test_published_verifier_keys(vector: dict[str, Any]) -> None:
    name, key = checkpoints.parse_verifier_key(vector["key"])
    assert name == vector["name"]
    assert checkpoints.verifier_key(name, key) == vector["key"]


@pytest.mark.parametrize("vector", VECTORS["refused_verifier_key"], ids=itemgetter("comment"))
def test_other_verifier_keys_are_refused(vector: dict[str, Any]) -> None:
    with pytest.raises(checkpoints.NoteError) as refused:
        checkpoints.parse_verifier_key(vector["key"])
    assert refused.type.__name__ == vector["expected"]


@pytest.mark.parametrize("vector", VECTORS["verifier_key"], ids=itemgetter("key"))
def test_no_part_and_no_change_of_a_verifier_key_is_one(vector: dict[str, Any]) -> None:
    whole = vector["key"]
    parts = {whole[i:j] for i in range(len(whole)) for j in range(i + 1, len(whole) + 1)}
    changes = {
        whole[:place] + chr(ord(character) + 1) + whole[place + 1 :]
        for place, character in enumerate(whole)
    }
    for other in (parts | changes) - {whole}:
        with pytest.raises(checkpoints.MalformedVerifierKey):
            checkpoints.parse_verifier_key(other)


def test_the_example_of_the_page() -> None:
    name, key = checkpoints.parse_verifier_key(example("checkpoint.md", "key").strip())
    opened = checkpoints.open_note(example("checkpoint.md", "text"), {name: key})
    assert opened == CHECKPOINT
    assert (name, key) == (NAME, KEY.public_key())


@given(some_checkpoints, names, keys)
def test_what_is_signed_opens_and_prints_back(
    checkpoint: Checkpoint, name: str, key: Ed25519PrivateKey
) -> None:
    note = checkpoints.sign(checkpoint, name, key)
    assert checkpoints.open_note(note, {name: key.public_key()}) == checkpoint
    assert checkpoints.parse_note(note).print() == note


@given(names, keys)
def test_a_verifier_key_prints_back(name: str, key: Ed25519PrivateKey) -> None:
    text = checkpoints.verifier_key(name, key.public_key())
    assert checkpoints.parse_verifier_key(text) == (name, key.public_key())


def test_no_character_of_a_note_can_change() -> None:
    """Case 36: one character other, more or less anywhere, and the checkpoint does not open."""
    for place, character in enumerate(NOTE):
        for other in (chr(ord(character) ^ 1), "", character * 2, "\n", " ", "0", "="):
            changed = NOTE[:place] + other + NOTE[place + 1 :]
            if changed != NOTE:
                with pytest.raises(checkpoints.NoteError):
                    checkpoints.open_note(changed, {NAME: KEY.public_key()})


@given(st.data())
def test_what_opens_of_a_changed_note_is_what_was_signed(draw: st.DataObject) -> None:
    """Any slice of a note replaced by any text: refused, or the same checkpoint said in full."""
    start = draw.draw(st.integers(0, len(NOTE)))
    end = draw.draw(st.integers(start, len(NOTE)))
    middle = draw.draw(st.text() | st.sampled_from(NOTE.splitlines(keepends=True)))
    changed = NOTE[:start] + middle + NOTE[end:]
    try:
        opened = checkpoints.open_note(changed, {NAME: KEY.public_key()})
    except checkpoints.NoteError:
        assert changed != NOTE
    else:
        assert opened == CHECKPOINT
        assert checkpoints.parse_note(changed).print() == changed


signature_lines = st.builds(
    lambda name, data: f"\u2014 {name} {data}\n",
    st.text("ab+\u00a0 \u2028\u2003", max_size=3),
    st.binary(max_size=8).map(lambda data: base64.b64encode(data).decode()) | st.text("Aa=+/-_ "),
)


@given(st.text("a1=\n\r\u2028 "), st.lists(signature_lines, max_size=3))
def test_what_parses_prints_back(text: str, lines: list[str]) -> None:
    note = text + "\n\n" + "".join(lines)
    try:
        parsed = checkpoints.parse_note(note)
    except checkpoints.MalformedNote:
        return
    assert parsed.print() == note
    assert len(parsed.signatures) == len(lines) > 0


@pytest.mark.parametrize(
    "text",
    [
        "origin\n042\nROOT\n",
        "origin\n00\nROOT\n",
        "origin\n4_2\nROOT\n",
        "origin\n+42\nROOT\n",
        "origin\n-1\nROOT\n",
        "origin\n 42\nROOT\n",
        "origin\n\uff14\uff12\nROOT\n",
        "origin\n\nROOT\n",
        "origin\n42.0\nROOT\n",
        "origin\n0x2a\nROOT\n",
        "origin\n9223372036854775808\nROOT\n",
        "origin\n99999999999999999999\nROOT\n",
        "\n42\nROOT\n",
        "origin\n42\nROOT\nextension\n",
        "origin\n42\n",
        "origin\n42\nROOT=\n",
        "origin\n42\nROOT\u2028\n",
        "origin\n42\nAAAA\n",
        "origin\n42\n" + "A" * 42 + "B=\n",
        "origin\n42\n" + "A" * 43 + "\n",
    ],
)
def test_a_signed_text_that_is_no_checkpoint_is_refused(text: str) -> None:
    """Even the log's own key cannot make two spellings of one checkpoint."""
    text = text.replace("ROOT", base64.b64encode(bytes(32)).decode())
    identifier = checkpoints.key_id(NAME, KEY.public_key())
    signature = checkpoints.NoteSignature(NAME, identifier, KEY.sign(text.encode()))
    note = checkpoints.Note(text, (signature,)).print()
    with pytest.raises(checkpoints.MalformedCheckpoint):
        checkpoints.open_note(note, {NAME: KEY.public_key()})


def test_the_largest_tree_that_a_column_can_count_has_a_checkpoint() -> None:
    largest = Checkpoint(NAME, checkpoints.MAXIMUM_SIZE, bytes(32))
    note = checkpoints.sign(largest, NAME, KEY)
    assert checkpoints.open_note(note, {NAME: KEY.public_key()}) == largest


@pytest.mark.parametrize(
    ("origin", "size", "root"),
    [
        ("", 1, bytes(32)),
        ("a\nb", 1, bytes(32)),
        ("a\x00b", 1, bytes(32)),
        ("a\ud800", 1, bytes(32)),
        ("a", -1, bytes(32)),
        ("a", 2**63, bytes(32)),
        ("a", 1, bytes(31)),
    ],
)
def test_a_checkpoint_that_cannot_be_written_is_refused(
    origin: str, size: int, root: bytes
) -> None:
    with pytest.raises(checkpoints.MalformedCheckpoint):
        Checkpoint(origin, size, root)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u2003b", "a\nb", "a\x01b", "a\ud800"])
def test_a_key_name_that_cannot_be_written_is_refused(name: str) -> None:
    with pytest.raises(checkpoints.MalformedVerifierKey):
        checkpoints.sign(CHECKPOINT, name, KEY)
    with pytest.raises(checkpoints.MalformedVerifierKey):
        checkpoints.verifier_key(name, KEY.public_key())


def test_another_key_of_the_same_name_does_not_open() -> None:
    with pytest.raises(checkpoints.UnverifiedNote):
        checkpoints.open_note(NOTE, {NAME: OTHER_KEY.public_key()})


def test_a_hundred_signatures_are_taken_and_no_more() -> None:
    line = checkpoints.sign(CHECKPOINT, "witness", OTHER_KEY).split("\n\n")[1]
    note = NOTE + line * 99
    assert len(checkpoints.parse_note(note).signatures) == 100
    assert checkpoints.open_note(note, {NAME: KEY.public_key()}) == CHECKPOINT
    with pytest.raises(checkpoints.MalformedNote):
        checkpoints.parse_note(note + line)


def test_cosignatures_are_kept_as_they_came() -> None:
    note = NOTE + checkpoints.sign(CHECKPOINT, "witness", OTHER_KEY).split("\n\n")[1]
    own, witness = checkpoints.parse_note(note).signatures
    assert (own.name, witness.name) == (NAME, "witness")
    assert witness.key_id == checkpoints.key_id("witness", OTHER_KEY.public_key())
    assert NOTE + witness.line() == note
