"""The members of a network: institutions, referents, and groups with their keys."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

SigningKeys = Callable[[int], Mapping[UUID, bytes]]
"""Each referent's public signing key, as the directory has it at a counter."""


class GroupKind(StrEnum):
    """What a group is: it decides which rules give it keys."""

    INSTITUTION = "institution"
    ON_CALL = "on_call"
    SMALL = "small"


@dataclass(frozen=True, slots=True)
class Institution:
    """A member of the network. ``may`` lists what it is entitled to hold (charter, last section)."""

    id: UUID
    code: str
    name: str
    kind: str
    may: frozenset[str] = frozenset()
    gateway: bool = False
    steers: bool = False
    works_with_author: bool = False


@dataclass(frozen=True, slots=True)
class Referent:
    """A person who acts for an institution. Keys are raw public bytes: HPKE (1,216) and Ed25519 (32)."""

    id: UUID
    institution: UUID
    name: str
    login: str
    encryption_key: bytes
    signing_key: bytes


@dataclass(frozen=True, slots=True)
class Group:
    """A holder with several members: its current generation, and those who had its key when that was made."""

    id: UUID
    kind: GroupKind
    of: UUID
    generation: int
    public_key: bytes
    founders: frozenset[UUID]
    public_keys: Mapping[int, bytes]


class Standing(StrEnum):
    """Whether an account acts: suspension passes, exclusion and leaving do not (article 1.2)."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    EXCLUDED = "excluded"
    LEFT = "left"

    @property
    def is_over(self) -> bool:
        """Whether it ended: excluded, or left."""
        return self in (Standing.EXCLUDED, Standing.LEFT)
