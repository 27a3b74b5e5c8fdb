"""Making any text printable: letters that a bundled font draws, and no character that moves other letters."""

import unicodedata

DRAWN = (
    (0x0020, 0x007E),  # Basic Latin
    (0x00A0, 0x00AC),  # Latin-1, without the soft hyphen
    (0x00AE, 0x024F),  # to Latin Extended-B
    (0x0300, 0x034E),  # combining marks, without the grapheme joiner
    (0x0350, 0x036F),
    (0x0370, 0x0377),  # Greek
    (0x037A, 0x037F),
    (0x0384, 0x038A),
    (0x038C, 0x038C),
    (0x038E, 0x03A1),
    (0x03A3, 0x03FF),
    (0x0400, 0x04FF),  # Cyrillic
    (0x060C, 0x060C),  # Arabic
    (0x061B, 0x061B),
    (0x061F, 0x061F),
    (0x0621, 0x063A),
    (0x0640, 0x0652),
    (0x0660, 0x066D),
    (0x1E00, 0x1EFF),  # Latin Extended Additional
    (0x2010, 0x2027),  # punctuation, without separators and direction marks
    (0x202F, 0x2037),
    (0x2039, 0x203A),
    (0x20A0, 0x20BF),  # currencies
    (0x2116, 0x2116),
    (0x2122, 0x2122),
    (0x2190, 0x21FF),  # arrows
    (0x2212, 0x2212),
)
"""Ranges that the typesetter's own fonts draw; a character that none draws would void PDF/A."""

_LINE_ENDS = {"\r\n": "\n", "\r": "\n", "\u2028": "\n", "\u2029": "\n", "\x0b": "\n", "\x0c": "\n"}
_MARKS_IN_A_ROW = 2
_UNBROKEN = 40
_BREAK = "\u200b"
_LEFT_TO_RIGHT = "\u200e"


def printable_line(text: str) -> str:
    """The text on one line. A character that no font draws, or that would move others, is written out: ``[U+202E]``.

    Composed first (Unicode NFC). A run of 40 characters without a space gets an invisible place to break.
    """
    return " ".join(printable_lines(text))


def printable_lines(text: str) -> list[str]:
    """The same, line by line, without empty lines."""
    for ending, newline in _LINE_ENDS.items():
        text = text.replace(ending, newline)
    lines = (_printable(line) for line in unicodedata.normalize("NFC", text).split("\n"))
    return [line for line in lines if line.strip()]


def _printable(line: str) -> str:
    written: list[str] = []
    marks = unbroken = 0
    for character in line.replace("\t", " "):
        marks = marks + 1 if unicodedata.combining(character) else 0
        unbroken = 0 if character == " " else unbroken + 1
        if unbroken > _UNBROKEN and not marks:
            written.append(_BREAK)
            unbroken = 1
        if marks <= _MARKS_IN_A_ROW and _is_drawn(ord(character)):
            written.append(character)
        else:
            # The marks keep the brackets together beside letters that run from right to left.
            point = f"[U+{ord(character):04X}]"
            written.append(f"{_LEFT_TO_RIGHT}{point}{_LEFT_TO_RIGHT}{_BREAK}")
    return "".join(written)


def _is_drawn(point: int) -> bool:
    return any(first <= point <= last for first, last in DRAWN)
