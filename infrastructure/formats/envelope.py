"""Envelopes: every sealed value of Relais, and the two ways of sealing one (docs/formats/envelope.md).

An envelope begins with one byte that names its algorithm. A reader says which algorithm it expects, so an envelope put
in another's place, or made with a weaker algorithm, is refused before anything is opened.
"""

import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from infrastructure.formats.keys import DecryptionKey, EncryptionKey

KEY_SIZE = 32
NONCE_SIZE = 12
TAG_SIZE = 16


class Tampered(Exception):
    """An envelope did not open: it was altered, moved, relabelled, or is not for this key. Says no more than that."""

    def __init__(self) -> None:
        super().__init__("the envelope does not open here")


_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def context(use: bytes, *fields: bytes) -> bytes:
    """Return the bytes that an envelope is bound to: its use (``relais/v1/<use>``) and the fields that place it.

    Each part is preceded by its length (two bytes, big-endian), so no two lists of fields give the same bytes.
    """
    return b"".join([len(part).to_bytes(2, "big") + part for part in (use, *fields)])


def derive(secret: bytes, use: bytes, salt: bytes = b"") -> bytes:
    """A 32-byte key from a secret, for one use (HKDF-SHA256, RFC 5869)."""
    return HKDF(algorithm=hashes.SHA256(), length=KEY_SIZE, salt=salt, info=use).derive(secret)


def new_key() -> bytes:
    """A fresh random 256-bit key."""
    return secrets.token_bytes(KEY_SIZE)


def seal(key: bytes, plaintext: bytes, bound_to: bytes) -> bytes:
    """Seal under a 32-byte key: ``01 | nonce (12) | ciphertext and tag`` (AES-256-GCM, NIST SP 800-38D)."""
    return seal_under(AESGCM(key), plaintext, bound_to)


def unseal(key: bytes, envelope: bytes, bound_to: bytes) -> bytes:
    """Open what ``seal`` made. Raises ``Tampered``."""
    return unseal_under(AESGCM(key), envelope, bound_to)


def seal_under(cipher: AESGCM, plaintext: bytes, bound_to: bytes) -> bytes:
    """As ``seal``, under a key that is made ready once for many envelopes."""
    nonce = secrets.token_bytes(NONCE_SIZE)
    return b"\x01" + nonce + cipher.encrypt(nonce, plaintext, bound_to)


def unseal_under(cipher: AESGCM, envelope: bytes, bound_to: bytes) -> bytes:
    """As ``unseal``, under a key that is made ready once for many envelopes. Raises ``Tampered``."""
    if envelope[:1] != b"\x01" or len(envelope) < 1 + NONCE_SIZE + TAG_SIZE:
        raise Tampered
    try:
        return cipher.decrypt(envelope[1:13], envelope[13:], bound_to)
    except InvalidTag:
        raise Tampered from None


def seal_to(recipient: EncryptionKey, plaintext: bytes, bound_to: bytes) -> bytes:
    """Seal to a public key: ``02 | encapsulated key | ciphertext and tag`` (HPKE base mode, RFC 9180).

    ``bound_to`` is HPKE's ``info``: it enters the key schedule.
    """
    return b"\x02" + _SUITE.encrypt(plaintext, recipient.key, bound_to)


def unseal_with(private: DecryptionKey, envelope: bytes, bound_to: bytes) -> bytes:
    """Open what ``seal_to`` made. Raises ``Tampered``."""
    if envelope[:1] != b"\x02":
        raise Tampered
    try:
        return _SUITE.decrypt(envelope[1:], private.key, bound_to)
    except (InvalidTag, ValueError):
        raise Tampered from None


def padded(plaintext: bytes) -> bytes:
    """The text behind its length (four bytes), filled with zeros to a Padmé size: at most 12 % more, and few sizes.

    Padmé: Nikitin et al., "Reducing Metadata Leakage from Encrypted Files", PoPETs 2019.
    """
    framed = len(plaintext).to_bytes(4, "big") + plaintext
    return framed.ljust(padme(len(framed)), b"\x00")


def unpadded(framed: bytes) -> bytes:
    """Undo ``padded``. Raises ``Tampered`` if the length or the filling does not fit."""
    end = 4 + int.from_bytes(framed[:4], "big")
    if len(framed) < max(4, end) or len(framed) != padme(end) or framed[end:].strip(b"\x00"):
        raise Tampered
    return framed[4:end]


@lru_cache(maxsize=8_192)
def padme(length: int) -> int:
    """The Padmé size for a length: the least number not below it with few significant bits, and at least 64."""
    if length <= 64:
        return 64
    exponent = length.bit_length() - 1
    significant = exponent.bit_length()
    mask = (1 << (exponent - significant)) - 1
    return (length + mask) & ~mask
