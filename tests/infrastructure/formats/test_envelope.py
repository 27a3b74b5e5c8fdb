"""Envelopes against published vectors, the package's own suite, and every byte changed."""

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from infrastructure.formats.envelope import (
    Tampered,
    context,
    derive,
    new_key,
    padded,
    padme,
    seal,
    seal_to,
    unpadded,
    unseal,
    unseal_with,
)
from infrastructure.formats.keys import DecryptionKey

KEY = bytes(range(32))
PAIR = DecryptionKey.generate()
BOUND = b"relais/v1/test"
SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def test_hpke_is_the_packages_own_both_ways() -> None:
    sealed = seal_to(PAIR.public(), b"word", BOUND)
    assert SUITE.decrypt(sealed[1:], PAIR.key, BOUND) == b"word"
    made = SUITE.encrypt(b"word", PAIR.public().key, BOUND)
    assert unseal_with(PAIR, b"\x02" + made, BOUND) == b"word"
    assert len(sealed) == 1 + 1088 + 32 + 4 + 16


def test_derivation_is_hkdf_of_rfc_5869() -> None:
    # RFC 5869, appendix A, case 1, asked for 32 of its 42 bytes: the first block.
    secret, salt = bytes([0x0B] * 22), bytes(range(13))
    info = bytes(range(0xF0, 0xFA))
    known = "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    assert derive(secret, info, salt).hex() == known[:64]
    whole = HKDF(algorithm=hashes.SHA256(), length=42, salt=salt, info=info).derive(secret)
    assert whole.hex() == known
    # Case 3: neither salt nor info.
    known = "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
    assert derive(secret, b"").hex() == known[:64]


def test_aes_gcm_opens_a_vector_of_nist() -> None:
    # McGrew and Viega, "The Galois/Counter Mode of Operation", test case 14 (256-bit key).
    key, nonce = bytes(32), bytes(12)
    sealed = bytes.fromhex("cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919")
    assert unseal(key, b"\x01" + nonce + sealed, b"") == bytes(16)


def test_a_sealed_value_is_one_byte_nonce_and_ciphertext() -> None:
    sealed = seal(KEY, b"word", BOUND)
    assert sealed[0] == 0x01
    assert AESGCM(KEY).decrypt(sealed[1:13], sealed[13:], BOUND) == b"word"
    assert seal(KEY, b"word", BOUND) != sealed


@given(st.binary(max_size=300), st.binary(max_size=40))
def test_what_is_sealed_is_opened(plaintext: bytes, bound_to: bytes) -> None:
    assert unseal(KEY, seal(KEY, plaintext, bound_to), bound_to) == plaintext


def test_every_changed_bit_is_refused() -> None:
    sealed = seal(KEY, b"a word", BOUND)
    for place in range(len(sealed) * 8):
        changed = bytearray(sealed)
        changed[place // 8] ^= 1 << place % 8
        with pytest.raises(Tampered):
            unseal(KEY, bytes(changed), BOUND)


def test_every_changed_byte_of_an_envelope_to_a_key_is_refused() -> None:
    sealed = seal_to(PAIR.public(), b"a word", BOUND)
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 0x80
        with pytest.raises(Tampered):
            unseal_with(PAIR, bytes(changed), BOUND)


@given(st.binary(max_size=60))
def test_what_is_no_envelope_is_refused(envelope: bytes) -> None:
    with pytest.raises(Tampered):
        unseal(KEY, envelope, BOUND)
    with pytest.raises(Tampered):
        unseal_with(PAIR, envelope, BOUND)


def test_another_place_or_key_is_refused() -> None:
    sealed, given_to = seal(KEY, b"word", BOUND), seal_to(PAIR.public(), b"word", BOUND)
    with pytest.raises(Tampered):
        unseal(KEY, sealed, BOUND + b"2")
    with pytest.raises(Tampered):
        unseal(new_key(), sealed, BOUND)
    with pytest.raises(Tampered):
        unseal_with(PAIR, given_to, BOUND + b"2")
    with pytest.raises(Tampered):
        unseal_with(DecryptionKey.generate(), given_to, BOUND)


@pytest.mark.parametrize("algorithm", [0, 1, 2, 3, 4, 255])
def test_an_envelope_of_another_algorithm_is_refused(algorithm: int) -> None:
    sealed, given_to = seal(KEY, b"word", BOUND), seal_to(PAIR.public(), b"word", BOUND)
    if algorithm != 0x01:
        with pytest.raises(Tampered):
            unseal(KEY, bytes([algorithm]) + sealed[1:], BOUND)
    if algorithm != 0x02:
        with pytest.raises(Tampered):
            unseal_with(PAIR, bytes([algorithm]) + given_to[1:], BOUND)


@given(st.lists(st.binary(max_size=20), max_size=4), st.lists(st.binary(max_size=20), max_size=4))
def test_two_lists_of_fields_never_give_the_same_context(
    one: list[bytes], two: list[bytes]
) -> None:
    assert (context(b"use", *one) == context(b"use", *two)) == (one == two)
    assert context(b"ab", b"c") != context(b"a", b"bc")


def test_padded_sizes_are_those_of_padme() -> None:
    # Nikitin et al., PoPETs 2019: E = floor(log2 L), S = floor(log2 E) + 1, the last E - S bits zero.
    known = {
        65: 72,
        100: 104,
        129: 144,
        200: 208,
        1000: 1024,
        1025: 1088,
        9000: 9216,
        100_000: 100_352,
    }
    assert {length: padme(length) for length in known} == known
    assert [padme(length) for length in (0, 1, 63, 64)] == [64] * 4


@given(st.integers(65, 10**6))
def test_padding_costs_at_most_twelve_percent_and_leaves_few_sizes(length: int) -> None:
    size = padme(length)
    exponent = length.bit_length() - 1
    assert length <= size <= length * 1.12
    assert padme(size) == size
    assert size % (1 << exponent - exponent.bit_length()) == 0


@given(st.binary(max_size=500))
def test_what_is_padded_is_found_again(plaintext: bytes) -> None:
    framed = padded(plaintext)
    assert unpadded(framed) == plaintext
    assert len(framed) == padme(4 + len(plaintext))


@pytest.mark.parametrize(
    "framed",
    [
        b"",
        b"\x00\x00\x00",
        bytes(63),
        bytes(65),
        bytes(72),
        b"\x00\x00\x00\x01" + b"a" + bytes(58) + b"\x01",
        b"\x00\x00\x00\x3d" + bytes(60),
        b"\xff\xff\xff\xff" + bytes(60),
    ],
)
def test_padding_that_does_not_fit_is_refused(framed: bytes) -> None:
    with pytest.raises(Tampered):
        unpadded(framed)


def test_a_refusal_says_nothing_of_why() -> None:
    assert str(Tampered()) == "the envelope does not open here"


def test_a_filling_of_anything_but_zeros_is_refused() -> None:
    filled = padded(b"a")
    for byte in range(1, 256):
        with pytest.raises(Tampered):
            unpadded(filled[:-1] + bytes([byte]))


@pytest.mark.parametrize("length", range(1 + 12 + 16 + 4))
def test_an_envelope_that_is_cut_short_is_refused(length: int) -> None:
    key = new_key()
    sealed = seal(key, b"four", b"here")
    with pytest.raises(Tampered):
        unseal(key, sealed[:length], b"here")
