"""What the formats say of bytes (docs/formats), with the ``cryptography`` package alone."""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PrivateKey, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def bound(use: bytes, *fields: bytes) -> bytes:
    """Each part behind its length in two bytes."""
    return b"".join(len(part).to_bytes(2, "big") + part for part in (use, *fields))


def number(value: int) -> bytes:
    """Four bytes, big-endian."""
    return value.to_bytes(4, "big")


def derived(secret: bytes, use: bytes, salt: bytes) -> bytes:
    """HKDF-SHA256, 32 bytes."""
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=salt, info=use).derive(secret)


def private_half(raw: bytes) -> MLKEM768X25519PrivateKey:
    """ML-KEM seed (64 bytes) then X25519 (32 bytes)."""
    return MLKEM768X25519PrivateKey(
        MLKEM768PrivateKey.from_seed_bytes(raw[:64]), X25519PrivateKey.from_private_bytes(raw[64:])
    )


def opened(key: bytes, envelope: bytes, bound_to: bytes) -> bytes | None:
    """AES-256-GCM behind ``01 | nonce``."""
    try:
        return AESGCM(key).decrypt(envelope[1:13], envelope[13:], bound_to)
    except InvalidTag:
        return None


def unframed(padded: bytes) -> bytes:
    """What stands behind its length in four bytes."""
    return padded[4 : 4 + int.from_bytes(padded[:4], "big")]
