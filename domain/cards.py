"""Cards: what a list shows of a journey without opening it (design: an entry renews both)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CardDraft:
    """A card to be sealed: its face, the lock that it goes under, and what it shows."""

    face: int
    lock: int
    content: object


IDENTITY_FACE = 1
FRAME_FACE = 2
SUMMARY_FACE = 3
