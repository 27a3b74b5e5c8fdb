"""Key pairs and passphrases."""

import re
import unicodedata

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from mnemonic import Mnemonic

from infrastructure.formats.keys import (
    PASSPHRASE_WORDS,
    DecryptionKey,
    EncryptionKey,
    new_passphrase,
    normalised_passphrase,
    public_bytes,
    signature_holds,
)

WORDS = [unicodedata.normalize("NFC", word) for word in Mnemonic("french").wordlist]


def test_a_pair_is_read_back_from_its_bytes() -> None:
    pair = DecryptionKey.generate()
    again = DecryptionKey(pair.raw)
    assert len(pair.raw) == DecryptionKey.SIZE == 96
    assert len(pair.public().raw) == EncryptionKey.SIZE == 1216
    assert again.public().raw == pair.public().raw == EncryptionKey(pair.public().raw).raw


@pytest.mark.parametrize("size", [0, 95, 97, 1215, 1217])
def test_bytes_of_another_size_are_no_key(size: int) -> None:
    with pytest.raises(ValueError, match="not an encryption key"):
        EncryptionKey(bytes(size))
    with pytest.raises(ValueError, match="not a decryption key"):
        DecryptionKey(bytes(size))


def test_bytes_that_are_no_point_are_no_key() -> None:
    with pytest.raises(ValueError, match=r"."):
        EncryptionKey(b"\xff" * EncryptionKey.SIZE)


def test_no_key_shows_itself() -> None:
    pair = DecryptionKey.generate()
    assert repr(pair) == "DecryptionKey(…)"
    assert repr(pair.public()) == "EncryptionKey(…)"


def test_signatures_are_those_of_rfc_8032() -> None:
    # RFC 8032, section 7.1, test 2.
    seed = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    public = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    signature = bytes.fromhex(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    private = Ed25519PrivateKey.from_private_bytes(seed)
    assert public_bytes(private) == public
    assert private.sign(b"\x72") == signature
    assert signature_holds(public, signature, b"\x72")
    assert not signature_holds(public, signature, b"\x73")
    assert not signature_holds(public, signature[:-1], b"\x72")
    assert not signature_holds(bytes(31), signature, b"\x72")


def test_a_passphrase_is_seven_words_of_the_list() -> None:
    passphrase = new_passphrase()
    words = passphrase.split(" ")
    assert len(words) == PASSPHRASE_WORDS == 7
    assert set(words) <= set(WORDS)
    assert unicodedata.is_normalized("NFC", passphrase)
    assert new_passphrase() != passphrase


def test_no_two_words_become_one_when_typed_without_accents() -> None:
    """Else there would be fewer than 2,048 to choose from."""
    plain = {normalised_passphrase(word) for word in WORDS}
    assert len(plain) == 2048
    assert all(re.fullmatch(rb"[a-z]+", word) for word in plain)


@pytest.mark.parametrize(
    "typed",
    [
        "école abeille forêt",
        "ECOLE ABEILLE FORET",
        "e\u0301cole abeille fore\u0302t",
        "  école\tabeille \n forêt ",
        "école-abeille-forêt",
        "école\u2010abeille\u2011forêt",
        "école\u2013abeille\u2014forêt",
        "école\u00a0abeille\u202fforêt",
        "ÉCOLE abeille FoRêT",
        "école, abeille, forêt.",
    ],
)
def test_a_passphrase_is_the_same_however_it_is_typed(typed: str) -> None:
    assert normalised_passphrase(typed) == b"ecole abeille foret"


@given(st.text(max_size=40))
def test_what_is_normalised_stays_so(typed: str) -> None:
    once = normalised_passphrase(typed)
    assert normalised_passphrase(once.decode()) == once


def test_other_words_are_another_passphrase() -> None:
    assert normalised_passphrase("école abeille") != normalised_passphrase("abeille école")
    assert normalised_passphrase("écoleabeille") != normalised_passphrase("école abeille")
