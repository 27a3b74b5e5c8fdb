"""Key pairs and passphrases. Every primitive comes from the ``cryptography`` package.

``repr`` of a key shows its kind and nothing else, so that no log and no traceback can carry one.
"""

import secrets
import unicodedata
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey, MLKEM768X25519PublicKey
from mnemonic import Mnemonic

_MLKEM_PUBLIC = 1184
_MLKEM_SEED = 64
_X25519 = 32
PASSPHRASE_WORDS = 7


class EncryptionKey:
    """The public half to seal to: ML-KEM-768 (1,184 bytes) then X25519 (32 bytes)."""

    SIZE = _MLKEM_PUBLIC + _X25519

    def __init__(self, raw: bytes) -> None:
        """Read a public key. Raises ``ValueError`` if it is none."""
        if len(raw) != self.SIZE:
            raise ValueError("not an encryption key")
        self.raw = raw
        self.key = MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(raw[:_MLKEM_PUBLIC]),
            X25519PublicKey.from_public_bytes(raw[_MLKEM_PUBLIC:]),
        )

    def __repr__(self) -> str:
        return "EncryptionKey(…)"


class DecryptionKey:
    """The private half: ML-KEM-768 seed (64 bytes) then X25519 (32 bytes)."""

    SIZE = _MLKEM_SEED + _X25519

    def __init__(self, raw: bytes) -> None:
        """Read a private key. Raises ``ValueError`` if it is none."""
        if len(raw) != self.SIZE:
            raise ValueError("not a decryption key")
        self.raw = raw
        self._mlkem = MLKEM768PrivateKey.from_seed_bytes(raw[:_MLKEM_SEED])
        self._x25519 = X25519PrivateKey.from_private_bytes(raw[_MLKEM_SEED:])
        self.key = MLKEM768X25519PrivateKey(self._mlkem, self._x25519)

    @classmethod
    def generate(cls) -> Self:
        """A new private half, from the operating system's randomness."""
        mlkem = MLKEM768PrivateKey.generate().private_bytes_raw()
        return cls(mlkem + X25519PrivateKey.generate().private_bytes_raw())

    def public(self) -> EncryptionKey:
        """Its public half."""
        mlkem = self._mlkem.public_key().public_bytes_raw()
        return EncryptionKey(mlkem + self._x25519.public_key().public_bytes_raw())

    def __repr__(self) -> str:
        return "DecryptionKey(…)"


def signature_holds(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether an Ed25519 signature (RFC 8032) is that key's over that message."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def public_bytes(private: Ed25519PrivateKey) -> bytes:
    """The 32 raw bytes of a signing key's public half."""
    return private.public_key().public_bytes_raw()


def new_passphrase() -> str:
    """Seven French words out of 2,048: 77 bits, which Argon2id then makes costly to try."""
    words = Mnemonic("french").wordlist
    return " ".join(
        unicodedata.normalize("NFC", secrets.choice(words)) for _ in range(PASSPHRASE_WORDS)
    )


def normalised_passphrase(typed: str) -> bytes:
    """Bring a typed passphrase to one form: lower case, without accents, one space between words."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", typed).casefold())
    plain = (letter for letter in decomposed if not unicodedata.combining(letter))
    words = "".join(letter if letter.isalnum() else " " for letter in plain)
    return " ".join(words.split()).encode()
