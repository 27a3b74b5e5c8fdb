"""The neutral code that stands for a journey on screen."""

from uuid import UUID

_CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def code_of(journey: UUID) -> str:
    """The neutral code of a journey on screen, such as 7F3K-2Q: 30 bits of its id in Crockford's base 32."""
    number = int.from_bytes(journey.bytes[:4], "big") >> 2
    letters = [_CODE_LETTERS[number >> shift & 31] for shift in (25, 20, 15, 10, 5, 0)]
    return "".join(letters[:4]) + "-" + "".join(letters[4:])
