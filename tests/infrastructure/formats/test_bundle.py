"""The key bundle and its passphrase: known answers, no downgrade, the same work for whoever is unknown."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from infrastructure.formats import bundle as bundles
from infrastructure.formats.bundle import (
    FLOOR,
    Bundle,
    Cost,
    decoy_bundle,
    lock_bundle,
    unlock_bundle,
)
from infrastructure.formats.envelope import Tampered, context, seal
from tests.telling.town import CHEAP

NETWORK, REFERENT = uuid4(), uuid4()
BUNDLE = Bundle.generate()
LOCKED = lock_bundle(NETWORK, REFERENT, BUNDLE, "école abeille", CHEAP)


def unlocked(locked: bytes, passphrase: str = "école abeille", floor: Cost = CHEAP) -> Bundle:  # noqa: S107 - invented
    return unlock_bundle(NETWORK, REFERENT, locked, passphrase, floor)


def with_cost(memory: int, passes: int, lanes: int) -> bytes:
    """The same bundle, its head rewritten."""
    numbers = b"".join(number.to_bytes(4, "big") for number in (memory, passes, lanes))
    return LOCKED[:1] + numbers + LOCKED[13:]


def test_argon2id_is_that_of_rfc_9106() -> None:
    # RFC 9106, section 5.3.
    derived = Argon2id(
        salt=bytes([2] * 16),
        length=32,
        iterations=3,
        lanes=4,
        memory_cost=32,
        ad=bytes([4] * 12),
        secret=bytes([3] * 8),
    ).derive(bytes([1] * 32))
    assert derived.hex() == "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"


def test_a_bundle_is_what_its_page_says() -> None:
    head = LOCKED[:29]
    assert head[0] == 3
    assert [int.from_bytes(head[at : at + 4], "big") for at in (1, 5, 9)] == [64, 1, 1]
    key = Argon2id(salt=head[13:], length=32, iterations=1, lanes=1, memory_cost=64).derive(
        b"ecole abeille"
    )
    bound_to = context(b"relais/v1/bundle", NETWORK.bytes, REFERENT.bytes, head)
    assert LOCKED[29] == 1
    assert AESGCM(key).decrypt(LOCKED[30:42], LOCKED[42:], bound_to) == BUNDLE.to_bytes()


def test_it_opens_with_its_passphrase_however_typed() -> None:
    for typed in ("école abeille", "ECOLE-ABEILLE", " ecole  abeille "):
        found = unlocked(LOCKED, typed)
        assert found.to_bytes() == BUNDLE.to_bytes()
        assert found.signing_public == BUNDLE.signing_public


def test_it_opens_with_no_other_passphrase_network_or_referent() -> None:
    with pytest.raises(Tampered):
        unlocked(LOCKED, "école abeilles")
    with pytest.raises(Tampered):
        unlock_bundle(uuid4(), REFERENT, LOCKED, "école abeille", CHEAP)
    with pytest.raises(Tampered):
        unlock_bundle(NETWORK, uuid4(), LOCKED, "école abeille", CHEAP)


def test_every_changed_byte_is_refused() -> None:
    for place in range(len(LOCKED)):
        changed = bytearray(LOCKED)
        changed[place] ^= 1
        with pytest.raises(Tampered):
            unlocked(bytes(changed))


@pytest.mark.parametrize("size", [0, 1, 12, 13, 20, 28, 29, 30, 60])
def test_a_part_of_one_is_refused(size: int) -> None:
    with pytest.raises(Tampered):
        unlocked(LOCKED[:size])


@pytest.mark.parametrize(
    "cost", [(63, 1, 1), (64, 0, 1), (64, 1, 0), (64, 1, 2), (513, 1, 1), (64, 9, 1)]
)
def test_a_cost_under_the_floor_or_out_of_bounds_is_refused(cost: tuple[int, int, int]) -> None:
    with pytest.raises(Tampered):
        unlocked(with_cost(*cost))


def test_a_bundle_that_was_sealed_too_cheaply_is_refused() -> None:
    floor = Cost(memory=128, passes=1, lanes=1)
    with pytest.raises(Tampered):
        unlocked(LOCKED, floor=floor)
    dearer = lock_bundle(NETWORK, REFERENT, BUNDLE, "école abeille", floor)
    assert unlocked(dearer).to_bytes() == BUNDLE.to_bytes()


@pytest.mark.parametrize(("memory", "passes"), [(512, 1), (64, 8)])
def test_a_cost_of_eight_times_the_floor_opens_and_a_ninth_does_not(
    memory: int, passes: int
) -> None:
    network, referent, kept = uuid4(), uuid4(), Bundle.generate()
    floor = Cost(memory=64, passes=1, lanes=1)
    most = Cost(memory=memory, passes=passes, lanes=1)
    locked = lock_bundle(network, referent, kept, "un deux trois", most)
    opened = unlock_bundle(network, referent, locked, "un deux trois", floor)
    assert opened.to_bytes() == kept.to_bytes()
    more = Cost(memory=9 * 64, passes=1, lanes=1) if passes == 1 else Cost(64, 9, 1)
    locked = lock_bundle(network, referent, kept, "un deux trois", more)
    with pytest.raises(Tampered):
        unlock_bundle(network, referent, locked, "un deux trois", floor)


def test_the_floor_is_what_the_design_says() -> None:
    assert Cost(memory=128 * 1024, passes=3, lanes=1) == FLOOR
    assert lock_bundle.__defaults__ == decoy_bundle.__defaults__ == (FLOOR,)
    assert unlock_bundle.__defaults__ == (FLOOR,)


def test_another_algorithm_is_refused() -> None:
    for algorithm in (0, 1, 2, 4):
        with pytest.raises(Tampered):
            unlocked(bytes([algorithm]) + LOCKED[1:])


def test_the_same_work_is_done_whatever_does_not_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong passphrase, an unknown login, an altered or cheapened bundle: one derivation of the same cost each."""
    done: list[Cost] = []
    derive: Callable[[str, Cost, bytes], bytes] = bundles._derive

    def counted(passphrase: str, cost: Cost, salt: bytes) -> bytes:
        done.append(cost)
        return derive(passphrase, cost, salt)

    monkeypatch.setattr(bundles, "_derive", counted)
    decoy = decoy_bundle(NETWORK, REFERENT, CHEAP)
    assert len(decoy) == len(LOCKED)
    assert decoy[:13] == LOCKED[:13]
    for locked in (LOCKED, decoy, with_cost(8, 1, 1), with_cost(10**9, 1, 1), b"", LOCKED[:5]):
        with pytest.raises(Tampered):
            unlocked(locked, "wrong")
    assert done == [CHEAP] * 6


def test_two_decoys_are_not_alike() -> None:
    assert decoy_bundle(NETWORK, REFERENT, CHEAP) != decoy_bundle(NETWORK, REFERENT, CHEAP)


def test_what_is_no_bundle_is_refused() -> None:
    with pytest.raises(ValueError, match="not a bundle"):
        Bundle.from_bytes(bytes(159))
    head = LOCKED[:29]
    key = bundles._derive("école abeille", CHEAP, head[13:])
    bound_to = context(b"relais/v1/bundle", NETWORK.bytes, REFERENT.bytes, head)
    with pytest.raises(ValueError, match="not a bundle"):
        unlocked(head + seal(key, bytes(10), bound_to))


def test_no_part_of_a_bundle_shows_itself() -> None:
    assert repr(BUNDLE) == "Bundle()"
