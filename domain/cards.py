"""Cards: a list shows them without opening the journey or summary. Every writing renews them."""

from dataclasses import dataclass
from enum import IntEnum


class Face(IntEnum):
    """A face of a journey or summary: the card that a list shows of it. The number is stored with the card."""

    IDENTITY = 1
    FRAME = 2
    SUMMARY = 3


@dataclass(frozen=True, slots=True)
class CardDraft:
    """A card to be sealed: its face, the lock that it is sealed under, and its content."""

    face: Face
    lock: int
    content: object
