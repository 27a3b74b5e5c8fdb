"""Cards: a list shows them without opening the journey or summary. Every writing renews them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CardDraft:
    """A card to be sealed: its face, the lock that it is sealed under, and its content."""

    face: int
    lock: int
    content: object


IDENTITY_FACE = 1
FRAME_FACE = 2
SUMMARY_FACE = 3
