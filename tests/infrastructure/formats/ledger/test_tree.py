"""The tree against published vectors, RFC 9162's own recursion and changed bytes."""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from operator import itemgetter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrastructure.formats.ledger import tree as merkle
from infrastructure.formats.ledger.tree import Frontier
from tests.infrastructure.formats.ledger.published import example, vectors

VECTORS = vectors(
    "merkle.toml",
    {
        "root": {"leaves", "root"},
        "inclusion": {"leaf", "index", "size", "proof", "root", "expected"},
        "consistency": {"old", "new", "proof", "old_root", "new_root", "expected"},
    },
)
LEAVES = [bytes.fromhex(leaf) for leaf in VECTORS["root"][-1]["leaves"]]
LEAF_HASHES = [merkle.leaf_hash(leaf) for leaf in LEAVES]

entries = st.lists(st.binary(max_size=40), max_size=70)
some_entries = st.lists(st.binary(max_size=40), min_size=1, max_size=70)


# What RFC 9162 says, word for word and slowly: the reference that the module is compared with.


def naive_root(data: Sequence[bytes]) -> bytes:
    if not data:
        return sha256(b"").digest()
    if len(data) == 1:
        return sha256(b"\x00" + data[0]).digest()
    half = naive_split(len(data))
    return sha256(b"\x01" + naive_root(data[:half]) + naive_root(data[half:])).digest()


def naive_split(count: int) -> int:
    half = 1
    while half * 2 < count:
        half *= 2
    return half


def naive_path(index: int, data: Sequence[bytes]) -> list[bytes]:
    if len(data) == 1:
        return []
    half = naive_split(len(data))
    if index < half:
        return [*naive_path(index, data[:half]), naive_root(data[half:])]
    return [*naive_path(index - half, data[half:]), naive_root(data[:half])]


def naive_subproof(old: int, data: Sequence[bytes], *, whole: bool) -> list[bytes]:
    if old == len(data):
        return [] if whole else [naive_root(data)]
    half = naive_split(len(data))
    if old <= half:
        return [*naive_subproof(old, data[:half], whole=whole), naive_root(data[half:])]
    return [*naive_subproof(old - half, data[half:], whole=False), naive_root(data[:half])]


def hashes(data: Sequence[bytes]) -> list[bytes]:
    return [merkle.leaf_hash(entry) for entry in data]


def flipped(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8 % len(data)] ^= 1 << bit % 8
    return bytes(changed)


def one_bit_changed(proof: Sequence[bytes]) -> Iterator[list[bytes]]:
    """The proof with one bit of one byte changed, for every byte."""
    for place, each in enumerate(proof):
        for byte in range(32):
            changed = flipped(each, byte * 8 + (place + byte) % 8)
            yield [*proof[:place], changed, *proof[place + 1 :]]


@pytest.mark.parametrize("vector", VECTORS["root"], ids=itemgetter("comment"))
def test_published_roots(vector: dict[str, Any]) -> None:
    leaves = [merkle.leaf_hash(bytes.fromhex(leaf)) for leaf in vector["leaves"]]
    assert merkle.root(leaves).hex() == vector["root"]


@pytest.mark.parametrize("vector", VECTORS["inclusion"], ids=itemgetter("comment"))
def test_inclusion_vectors(vector: dict[str, Any]) -> None:
    proof = [bytes.fromhex(each) for each in vector["proof"]]
    leaf, root = bytes.fromhex(vector["leaf"]), bytes.fromhex(vector["root"])
    if vector["expected"] == "holds":
        merkle.verify_inclusion(leaf, vector["index"], vector["size"], proof, root)
        assert merkle.inclusion_proof(LEAF_HASHES, vector["index"], vector["size"]) == proof
    else:
        with pytest.raises(merkle.InvalidProof) as refused:
            merkle.verify_inclusion(leaf, vector["index"], vector["size"], proof, root)
        assert refused.type.__name__ == vector["expected"]


@pytest.mark.parametrize("vector", VECTORS["consistency"], ids=itemgetter("comment"))
def test_consistency_vectors(vector: dict[str, Any]) -> None:
    old, new = vector["old"], vector["new"]
    proof = [bytes.fromhex(each) for each in vector["proof"]]
    old_root, new_root = bytes.fromhex(vector["old_root"]), bytes.fromhex(vector["new_root"])
    if vector["expected"] == "holds":
        merkle.verify_consistency(old, new, proof, old_root, new_root)
        assert merkle.consistency_proof(LEAF_HASHES, old, new) == proof
    else:
        with pytest.raises(merkle.InvalidProof) as refused:
            merkle.verify_consistency(old, new, proof, old_root, new_root)
        assert refused.type.__name__ == vector["expected"]


def test_the_example_of_the_page() -> None:
    leaves: list[bytes] = []
    for line in example("tree.md", "text").splitlines():
        name, data, value = line.split()
        if name == "leaf":
            leaves.append(merkle.leaf_hash(bytes.fromhex(data)))
            assert leaves[-1].hex() == value
        else:
            assert (name, int(data)) == ("root", len(leaves))
            assert merkle.root(leaves).hex() == value
    assert len(leaves) == 3


@given(entries)
def test_root_is_that_of_the_rfc(data: list[bytes]) -> None:
    assert merkle.root(hashes(data)) == naive_root(data)


@given(some_entries, st.data())
def test_inclusion_proof_is_that_of_the_rfc_and_holds(
    data: list[bytes], draw: st.DataObject
) -> None:
    size = draw.draw(st.integers(1, len(data)))
    index = draw.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(hashes(data), index, size)
    assert proof == naive_path(index, data[:size])
    leaf = merkle.leaf_hash(data[index])
    merkle.verify_inclusion(leaf, index, size, proof, naive_root(data[:size]))


@given(some_entries, st.data())
def test_consistency_proof_is_that_of_the_rfc_and_holds(
    data: list[bytes], draw: st.DataObject
) -> None:
    new = draw.draw(st.integers(1, len(data)))
    old = draw.draw(st.integers(1, new))
    proof = merkle.consistency_proof(hashes(data), old, new)
    assert proof == naive_subproof(old, data[:new], whole=True)
    merkle.verify_consistency(old, new, proof, naive_root(data[:old]), naive_root(data[:new]))


def test_every_proof_of_every_small_tree_holds() -> None:
    data = [bytes([number]) for number in range(33)]
    leaves, roots = hashes(data), [naive_root(data[:size]) for size in range(34)]
    for size in range(34):
        for index in range(size):
            proof = merkle.inclusion_proof(leaves, index, size)
            merkle.verify_inclusion(leaves[index], index, size, proof, roots[size])
        for old in range(size + 1):
            proof = merkle.consistency_proof(leaves, old, size)
            merkle.verify_consistency(old, size, proof, roots[old], roots[size])


def test_any_bit_of_any_proof_matters() -> None:
    data = [bytes([number]) for number in range(13)]
    leaves = hashes(data)
    for index in range(13):
        proof = merkle.inclusion_proof(leaves, index, 13)
        for changed in one_bit_changed(proof):
            with pytest.raises(merkle.WrongRoot):
                merkle.verify_inclusion(leaves[index], index, 13, changed, naive_root(data))
    for old in range(1, 13):
        proof = merkle.consistency_proof(leaves, old, 13)
        for changed in one_bit_changed(proof):
            with pytest.raises(merkle.WrongRoot):
                merkle.verify_consistency(
                    old, 13, changed, naive_root(data[:old]), naive_root(data)
                )


@given(some_entries, st.data())
def test_a_proof_says_one_thing_only(data: list[bytes], draw: st.DataObject) -> None:
    """Another leaf, index, root, or a hash more or less: each is refused."""
    size = len(data)
    index = draw.draw(st.integers(0, size - 1))
    leaves, root = hashes(data), naive_root(data)
    proof = merkle.inclusion_proof(leaves, index, size)
    other_index = draw.draw(st.integers(-1, size).filter(lambda each: each != index))
    bit = draw.draw(st.integers(0, 255))
    for leaf, place, path, head in (
        (flipped(leaves[index], bit), index, proof, root),
        (leaves[index], index, proof, flipped(root, bit)),
        (leaves[index], index, [*proof, root], root),
        (leaves[index], index, [root, *proof], root),
        # Where the sibling is the same leaf, the other place is true as well.
        *([(leaves[index], other_index, proof, root)] if len(set(data)) == size else []),
        *(
            [(leaves[index], index, proof[1:], root), (leaves[index], index, proof[:-1], root)]
            if proof
            else []
        ),
    ):
        with pytest.raises(merkle.InvalidProof):
            merkle.verify_inclusion(leaf, place, size, path, head)


@given(some_entries, st.data())
def test_a_rewritten_past_has_no_proof(data: list[bytes], draw: st.DataObject) -> None:
    """The tree's own owner, who recomputes all, cannot prove consistency with what was seen."""
    old = draw.draw(st.integers(1, len(data)))
    changed = draw.draw(st.integers(0, old - 1))
    forged = [*data[:changed], data[changed] + b"!", *data[changed + 1 :]]
    proof = merkle.consistency_proof(hashes(forged), old, len(data))
    with pytest.raises(merkle.WrongRoot):
        merkle.verify_consistency(old, len(data), proof, naive_root(data[:old]), naive_root(forged))


@given(entries, st.integers(0, 70))
def test_a_frontier_is_the_tree_at_every_moment(data: list[bytes], stop: int) -> None:
    """Given a frontier stored and restored at some size, when it grows on, then nothing is lost."""
    frontier = Frontier()
    for number, leaf in enumerate(hashes(data)):
        if number == stop:
            frontier = Frontier(frontier.size, frontier.hashes)
        frontier.append(leaf)
        assert frontier.root() == naive_root(data[: number + 1])
    assert frontier.size == len(data)
    assert len(frontier.hashes) == len(data).bit_count()


def test_a_frontier_reads_as_its_hashes_widest_first() -> None:
    frontier = Frontier()
    frontier.extend(LEAF_HASHES[:7])
    assert frontier.hashes == (
        naive_root(LEAVES[:4]),
        naive_root(LEAVES[4:6]),
        naive_root(LEAVES[6:7]),
    )


@pytest.mark.parametrize(
    ("size", "stored"),
    [(-1, [bytes(32)]), (0, [bytes(32)]), (1, []), (3, [bytes(32)]), (1, [bytes(31)])],
)
def test_a_frontier_that_cannot_be_is_refused(size: int, stored: list[bytes]) -> None:
    with pytest.raises(merkle.MalformedFrontier):
        Frontier(size, stored)


@pytest.mark.parametrize("leaf", [b"", bytes(31), bytes(33)])
def test_a_frontier_takes_leaf_hashes_only(leaf: bytes) -> None:
    frontier = Frontier()
    with pytest.raises(ValueError, match="32 bytes"):
        frontier.append(leaf)
    assert frontier.root() == merkle.EMPTY_ROOT


@pytest.mark.parametrize(("index", "size"), [(-1, 8), (8, 8), (0, 0), (0, 9), (5, 3)])
def test_no_inclusion_proof_outside_the_tree(index: int, size: int) -> None:
    with pytest.raises(merkle.OutsideTree):
        merkle.inclusion_proof(LEAF_HASHES, index, size)


@pytest.mark.parametrize(("old", "new"), [(-1, 8), (5, 3), (0, 9), (9, 9)])
def test_no_consistency_proof_outside_the_tree(old: int, new: int) -> None:
    with pytest.raises(merkle.OutsideTree):
        merkle.consistency_proof(LEAF_HASHES, old, new)
