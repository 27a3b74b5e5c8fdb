"""The hash tree over the ledger: RFC 9162 section 2.1 (the hashing of RFC 6962), SHA-256.

Every function takes and gives hashes of 32 bytes; ``leaf_hash`` makes one from an entry's bytes.
The ``verify_…`` functions return nothing and raise ``InvalidProof``. They say that a proof holds
against a root; that the root is the right one, the caller must know from a signed checkpoint.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Final

HASH_LENGTH: Final = 32
EMPTY_ROOT: Final = sha256(b"").digest()


class InvalidProof(Exception):
    """A proof does not hold; its subclasses say why."""


class MalformedProof(InvalidProof):
    """A hash is not 32 bytes, the proof has too few or too many of them, or an index is outside."""


class WrongRoot(InvalidProof):
    """The proof is well formed and leads to another root than the one given."""


class OutsideTree(ValueError):
    """A proof was asked for an index or a size that the tree does not have."""


class MalformedFrontier(ValueError):
    """The stored hashes of a frontier cannot be those of a tree of that size."""


def leaf_hash(data: bytes) -> bytes:
    """The hash of one entry: SHA-256(0x00 || data), 32 bytes (RFC 9162, 2.1.1)."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two children: SHA-256(0x01 || left || right), 32 bytes (RFC 9162, 2.1.1)."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """The right edge of a growing tree: all that is needed to append and to know the root.

    It holds one hash for each complete subtree, widest first: as many as ``size`` has bits set, so
    at most log2(size) + 1. ``hashes`` and ``size`` are what to store; the constructor takes them
    back and raises ``MalformedFrontier`` if their number or length cannot be right. It cannot know
    whether their values are: compare ``root()`` with a checkpoint.
    """

    __slots__ = ("_hashes", "_size")

    def __init__(self, size: int = 0, hashes: Sequence[bytes] = ()) -> None:
        if size < 0 or len(hashes) != size.bit_count():
            raise MalformedFrontier("as many hashes as the size has bits set")
        if any(len(each) != HASH_LENGTH for each in hashes):
            raise MalformedFrontier("a hash has 32 bytes")
        self._size = size
        self._hashes = list(hashes)

    @property
    def size(self) -> int:
        """The number of leaves."""
        return self._size

    @property
    def hashes(self) -> tuple[bytes, ...]:
        """The roots of the complete subtrees, widest (leftmost) first."""
        return tuple(self._hashes)

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash on the right. Raises ``ValueError`` if it is not 32 bytes."""
        if len(leaf) != HASH_LENGTH:
            raise ValueError("a leaf hash has 32 bytes")
        node, size = leaf, self._size
        # Each trailing bit set is a subtree as wide as ``node``: the two close into one.
        while size & 1:
            node = node_hash(self._hashes.pop(), node)
            size >>= 1
        self._hashes.append(node)
        self._size += 1

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add leaf hashes in order; see ``append``."""
        for leaf in leaves:
            self.append(leaf)

    def root(self) -> bytes:
        """The root of the leaves so far; of none, SHA-256 of nothing."""
        if not self._hashes:
            return EMPTY_ROOT
        node = self._hashes[-1]
        for left in reversed(self._hashes[:-1]):
            node = node_hash(left, node)
        return node


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes, 32 bytes (RFC 9162, 2.1.1)."""
    frontier = Frontier()
    frontier.extend(leaves)
    return frontier.root()


def inclusion_proof(leaves: Sequence[bytes], index: int, size: int) -> list[bytes]:
    """The audit path of leaf ``index`` in the tree of ``size`` leaves (RFC 9162, 2.1.3.1).

    ``leaves`` are leaf hashes, at least ``size`` of them. Raises ``OutsideTree``.
    """
    if not 0 <= index < size <= len(leaves):
        raise OutsideTree("no such leaf in a tree of that size")
    path: list[bytes] = []
    first, last = 0, size
    while last - first > 1:
        middle = first + _split(last - first)
        if index < middle:
            path.append(root(leaves[middle:last]))
            last = middle
        else:
            path.append(root(leaves[first:middle]))
            first = middle
    path.reverse()
    return path


def consistency_proof(leaves: Sequence[bytes], old: int, new: int) -> list[bytes]:
    """The proof that the tree of ``new`` leaves extends that of ``old`` (RFC 9162, 2.1.4.1).

    ``leaves`` are leaf hashes, at least ``new`` of them. Empty when the sizes are equal, and from
    the empty tree, which every tree extends. Raises ``OutsideTree``.
    """
    if not 0 <= old <= new <= len(leaves):
        raise OutsideTree("no such sizes in this tree")
    if old in {0, new}:
        return []
    path: list[bytes] = []
    first, last = 0, new
    while last != old:
        middle = first + _split(last - first)
        if old <= middle:
            path.append(root(leaves[middle:last]))
            last = middle
        else:
            path.append(root(leaves[first:middle]))
            first = middle
    # The subtree that both trees share is left out only when it is the whole old tree.
    if first > 0:
        path.append(root(leaves[first:last]))
    path.reverse()
    return path


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected_root: bytes
) -> None:
    """Check that leaf hash ``leaf`` is at ``index`` in the tree of that size and root.

    The numbers are the steps of RFC 9162, 2.1.3.2. Raises ``MalformedProof`` or ``WrongRoot``.
    """
    _check_hashes([leaf, expected_root, *proof])
    if not 0 <= index < size:  # 1
        raise MalformedProof("the index is outside the tree")
    node_index, last_index, node = index, size - 1, leaf  # 2 and 3
    for sibling in proof:  # 4
        if last_index == 0:  # 4.1
            raise MalformedProof("the proof is too long")
        if node_index & 1 or node_index == last_index:  # 4.2
            node = node_hash(sibling, node)
            while not node_index & 1:
                node_index >>= 1
                last_index >>= 1
        else:  # 4.3
            node = node_hash(node, sibling)
        node_index >>= 1  # 4.4
        last_index >>= 1
    if last_index != 0:  # 5
        raise MalformedProof("the proof is too short")
    if node != expected_root:
        raise WrongRoot("the leaf is not in the tree of this root")


def verify_consistency(
    old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> None:
    """Check that the tree ``new``, ``new_root`` only adds leaves to the tree ``old``, ``old_root``.

    The numbers are the steps of RFC 9162, 2.1.4.2. Equal sizes need equal roots and an empty proof;
    from size 0, which the RFC leaves out, the old root must be the empty tree's and the proof
    empty. Raises ``MalformedProof`` or ``WrongRoot``.
    """
    _check_hashes([old_root, new_root, *proof])
    if not 0 <= old <= new:
        raise MalformedProof("the old tree is larger than the new one")
    if old in {0, new}:
        _verify_without_proof(old, new, proof, old_root, new_root)
        return
    if not proof:  # 1
        raise MalformedProof("the proof is empty")
    # 2: an old tree that is a complete subtree is its own first hash.
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    node_index, last_index = old - 1, new - 1  # 3
    while node_index & 1:  # 4
        node_index >>= 1
        last_index >>= 1
    old_node = new_node = path[0]  # 5
    for sibling in path[1:]:  # 6
        if last_index == 0:  # 6.1
            raise MalformedProof("the proof is too long")
        if node_index & 1 or node_index == last_index:  # 6.2
            old_node = node_hash(sibling, old_node)
            new_node = node_hash(sibling, new_node)
            while not node_index & 1:
                node_index >>= 1
                last_index >>= 1
        else:  # 6.3
            new_node = node_hash(new_node, sibling)
        node_index >>= 1  # 6.4
        last_index >>= 1
    if last_index != 0:  # 7
        raise MalformedProof("the proof is too short")
    if old_node != old_root:
        raise WrongRoot("the proof does not lead to the old root")
    if new_node != new_root:
        raise WrongRoot("the proof does not lead to the new root")


def _verify_without_proof(
    old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> None:
    if proof:
        raise MalformedProof("these sizes need no proof")
    if old == 0 and old_root != EMPTY_ROOT:
        raise WrongRoot("the old root is not that of the empty tree")
    if old == new and old_root != new_root:
        raise WrongRoot("two roots for one size")


def _check_hashes(hashes: Iterable[bytes]) -> None:
    if any(len(each) != HASH_LENGTH for each in hashes):
        raise MalformedProof("a hash has 32 bytes")


def _split(width: int) -> int:
    """The largest power of two smaller than ``width`` (which is at least 2)."""
    return 1 << ((width - 1).bit_length() - 1)
