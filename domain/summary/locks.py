"""Locks of a summary: the byte in sealed formats that says which key seals an event.

They stand beside the codes of compartments in the same byte. The frame has one lock, which the coordination can open;
the words of each part have their own.
"""

FRAME_LOCK = 0x40
"""The lock of a summary's frame."""

PARTS_LIMIT = 0xFF - FRAME_LOCK
"""How many parts a summary can have: a lock is one byte."""


def part_lock(part: int) -> int:
    """The lock of the words of a part."""
    return FRAME_LOCK + 1 + part
