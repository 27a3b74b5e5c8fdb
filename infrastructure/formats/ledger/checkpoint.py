"""Checkpoints of the ledger: its size and root, signed, as C2SP tlog-checkpoint and signed-note.

The specifications are at c2sp.org/signed-note and c2sp.org/tlog-checkpoint; our stricter choices
are in ``docs/formats/checkpoint.md``. A text that parses here prints back to the same bytes.

A checkpoint that opens says what the log's key signed. Whether its origin is the log that was
meant, and whether it is consistent with one seen before, the caller must ask
(``merkle.verify_consistency``).
"""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from infrastructure.formats.ledger.tree import HASH_LENGTH

MAXIMUM_SIGNATURES: Final = 100
MAXIMUM_SIZE: Final = 2**63 - 1

_ED25519: Final = b"\x01"
_KEY_ID_LENGTH: Final = 4
_PUBLIC_KEY_LENGTH: Final = 32
_DECIMAL: Final = re.compile(r"0|[1-9][0-9]{0,18}")
_KEY_ID_HEX: Final = re.compile(r"[0-9a-f]{8}")
_SIGNATURE_LINE: Final = re.compile(r"\u2014 ([^ ]+) ([^ ]+)")


class NoteError(Exception):
    """A note, a checkpoint or a verifier key is refused; its subclasses say why."""


class MalformedNote(NoteError):
    """The text is not a signed note."""


class MalformedCheckpoint(NoteError):
    """The signed text is not a checkpoint, or these fields cannot make one."""


class MalformedVerifierKey(NoteError):
    """The text is not a verifier key, or its key id is not that of its key."""


class UnverifiedNote(NoteError):
    """No key that was given has signed this note."""


class BadNoteSignature(NoteError):
    """A signature says that it is by a given key, and is not."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The ledger of ``origin`` had ``size`` entries under ``root`` (32 bytes).

    Raises ``MalformedCheckpoint`` for an empty or unprintable origin, a size outside
    0 … 2**63 - 1 or a root of another length.
    """

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        if not self.origin or "\n" in self.origin or not _is_note_text(self.origin):
            raise MalformedCheckpoint("the origin is one line of text")
        if not 0 <= self.size <= MAXIMUM_SIZE:
            raise MalformedCheckpoint("the size is outside its range")
        if len(self.root) != HASH_LENGTH:
            raise MalformedCheckpoint("the root has 32 bytes")

    def text(self) -> str:
        """The three lines that are signed, with their last newline."""
        return f"{self.origin}\n{self.size}\n{_encode(self.root)}\n"


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line: who says that they signed (name and 4-byte key id), and the signature."""

    name: str
    key_id: bytes
    signature: bytes = field(repr=False)

    def line(self) -> str:
        """The line of the note, with its newline."""
        return f"\u2014 {self.name} {_encode(self.key_id + self.signature)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A note that parsed. Nothing is verified yet: ``open_note`` does that."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def print(self) -> str:
        """The note as it is written: ``parse_note(note).print() == note``."""
        return self.text + "\n" + "".join(each.line() for each in self.signatures)


def sign(checkpoint: Checkpoint, name: str, key: Ed25519PrivateKey) -> str:
    """The checkpoint as a note with one signature, by ``key`` under the key name ``name``.

    Raises ``MalformedVerifierKey`` for a name that is empty or has a space or a plus.
    The specification asks that the name be the checkpoint's origin.
    """
    identifier = key_id(name, key.public_key())
    text = checkpoint.text()
    signature = NoteSignature(name, identifier, key.sign(text.encode()))
    return Note(text, (signature,)).print()


def open_note(text: str, keys: Mapping[str, Ed25519PublicKey]) -> Checkpoint:
    """The checkpoint of a note that at least one of ``keys`` (by key name) has signed.

    Every signature under a given name and its key id must hold; others (cosignatures of witnesses,
    other keys under the same name) are passed over, and ``parse_note`` shows them.
    Raises ``MalformedNote``, ``BadNoteSignature``, ``UnverifiedNote`` or ``MalformedCheckpoint``.
    """
    note = parse_note(text)
    identifiers = {name: key_id(name, key) for name, key in keys.items()}
    known = [each for each in note.signatures if identifiers.get(each.name) == each.key_id]
    for each in known:
        try:
            keys[each.name].verify(each.signature, note.text.encode())
        except InvalidSignature:
            raise BadNoteSignature("a signature by a known key does not hold") from None
    if not known:
        raise UnverifiedNote("no known key has signed this note")
    return _parse_checkpoint(note.text)


def parse_note(text: str) -> Note:
    """Take a note apart, verifying nothing. Raises ``MalformedNote``."""
    if not _is_note_text(text):
        raise MalformedNote("a note has no control character and no broken one")
    body, separator, tail = text.rpartition("\n\n")
    if not separator or not tail.endswith("\n"):
        raise MalformedNote("a note is a text, an empty line and lines of signatures")
    # Not splitlines: that would also split at characters which a name may hold.
    lines = tail[:-1].split("\n")
    if len(lines) > MAXIMUM_SIGNATURES:
        raise MalformedNote("too many signatures")
    return Note(body + "\n", tuple(_parse_signature(line) for line in lines))


def key_id(name: str, key: Ed25519PublicKey) -> bytes:
    """The 4 bytes that stand for a key under its name (signed-note, Ed25519 signatures).

    Raises ``MalformedVerifierKey`` for a name that is empty or has a space or a plus.
    """
    if not _is_key_name(name):
        raise MalformedVerifierKey("a key name has neither space nor plus")
    return sha256(name.encode() + b"\n" + _ED25519 + key.public_bytes_raw()).digest()[:4]


def verifier_key(name: str, key: Ed25519PublicKey) -> str:
    """The key as one word to give to a witness: ``name+key id+base64(0x01 || key)``.

    Raises ``MalformedVerifierKey`` for a name that is empty or has a space or a plus.
    """
    return f"{name}+{key_id(name, key).hex()}+{_encode(_ED25519 + key.public_bytes_raw())}"


def parse_verifier_key(text: str) -> tuple[str, Ed25519PublicKey]:
    """The name and key that ``verifier_key`` printed. Raises ``MalformedVerifierKey``."""
    name, _, rest = text.partition("+")
    identifier, _, encoded = rest.partition("+")
    material = _decode(encoded)
    if material is None or len(material) != 1 + _PUBLIC_KEY_LENGTH or material[:1] != _ED25519:
        raise MalformedVerifierKey("not an Ed25519 key in base64")
    if not _KEY_ID_HEX.fullmatch(identifier):
        raise MalformedVerifierKey("a key id is eight hexadecimal digits")
    key = Ed25519PublicKey.from_public_bytes(material[1:])
    if bytes.fromhex(identifier) != key_id(name, key):
        raise MalformedVerifierKey("the key id is not that of this name and key")
    return name, key


def _parse_signature(line: str) -> NoteSignature:
    parts = _SIGNATURE_LINE.fullmatch(line)
    if parts is None or not _is_key_name(parts[1]):
        raise MalformedNote("a signature line is a dash, a key name and a signature")
    signature = _decode(parts[2])
    if signature is None or len(signature) <= _KEY_ID_LENGTH:
        raise MalformedNote("a signature is base64 of a key id and at least one byte")
    return NoteSignature(parts[1], signature[:_KEY_ID_LENGTH], signature[_KEY_ID_LENGTH:])


def _parse_checkpoint(text: str) -> Checkpoint:
    lines = text.split("\n")
    # The text ends with a newline, so that the fourth part is empty; a fifth is an extension line.
    if len(lines) != 4:
        raise MalformedCheckpoint("a checkpoint has three lines")
    origin, size, encoded, _ = lines
    if not _DECIMAL.fullmatch(size):
        raise MalformedCheckpoint("the size is a decimal without leading zeros")
    root = _decode(encoded)
    if root is None:
        raise MalformedCheckpoint("the root is base64")
    return Checkpoint(origin, int(size), root)


def _is_note_text(text: str) -> bool:
    """Whether it is sound UTF-8 without a control character of ASCII other than newline."""
    if any(character < " " and character != "\n" for character in text):
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_key_name(name: str) -> bool:
    if not name or "+" in name or any(character.isspace() for character in name):
        return False
    return _is_note_text(name)


def _encode(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _decode(text: str) -> bytes | None:
    """The bytes of canonical base64 (RFC 4648, section 4), or nothing."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    # ``validate`` still takes spare bits after the last byte: the same bytes, spelled otherwise.
    return data if _encode(data) == text else None
