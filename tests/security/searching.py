"""Finds a planted value in any file, however it was written: encoded, escaped, compressed."""

import base64
import re
import zlib
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

_MONTHS = {
    1: "janvier",
    2: "février",
    3: "mars",
    4: "avril",
    5: "mai",
    6: "juin",
    7: "juillet",
    8: "août",
    9: "septembre",
    10: "octobre",
    11: "novembre",
    12: "décembre",
}
_COMPRESSED = re.compile(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]")
_PAGE = 8192
_EMPTY = bytes(_PAGE)
_INFLATED = 1 << 20
_GROUP = 8


def forms_of(word: str) -> frozenset[bytes]:
    """Every way in which a word may have been written."""
    found = set()
    for spelling in {word, word.upper()}:
        for raw in (
            spelling.encode(),
            spelling.encode("utf-16-le"),
            spelling.encode("utf-16-be"),
        ):
            found |= {raw, raw.hex().encode(), raw.hex().upper().encode()}
            found |= set(_base64_forms(raw))
        for escape in ("\\u{:04x}", "\\u{:04X}", "\\x{:02x}", "%{:02X}", "%{:02x}", "&#{};"):
            found.add("".join(escape.format(ord(letter)) for letter in spelling).encode())
    return frozenset(found)


def forms_of_day(day: date) -> frozenset[bytes]:
    """Every way in which a day may have been written."""
    written = (
        day.isoformat(),
        f"{day:%d/%m/%Y}",
        f"{day.day} {_MONTHS[day.month]} {day.year}",
        f"{day:%Y%m%d}T",
    )
    found = set()
    for words in written:
        raw = words.encode()
        found |= {raw, words.encode("utf-16-le"), raw.hex().encode(), *_base64_forms(raw)}
    return frozenset(found)


def fragments_of(word: str) -> frozenset[bytes]:
    """What PostgreSQL's own compression leaves of a word: eight letters at a time, from any of eight places."""
    raw = word.encode()
    return frozenset(raw[at : at + _GROUP] for at in range(_GROUP))


def _base64_forms(raw: bytes) -> Iterator[bytes]:
    """In base64 a text looks otherwise after one or two bytes: of each, what does not depend on its neighbours."""
    for before in range(3):
        written = base64.b64encode(bytes(before) + raw + b"\x00\x00\x00")
        first = -(-before * 8 // 6)
        last = (before + len(raw)) * 8 // 6
        yield from (written[first:last], written[first:last].translate(_URL_SAFE))


_URL_SAFE = bytes.maketrans(b"+/", b"-_")


def search(places: Iterable[Path], wanted: Iterable[bytes]) -> list[str]:
    """The files among these places (a folder with all that is in it) that hold one of the forms, each with the form."""
    patterns = sorted(set(wanted))
    found = []
    for path in _files(places):
        content = _without_empty_pages(path.read_bytes())
        for piece in (content, *_inflated(content)):
            found += [f"{path}: {pattern!r}" for pattern in patterns if pattern in piece]
    return found


def _files(places: Iterable[Path]) -> Iterator[Path]:
    for place in places:
        # Names of files could tell as much as their content: those are searched by who asks for them.
        found = [place] if place.is_file() else sorted(place.rglob("*"))
        yield from (path for path in found if path.is_file() and not path.is_symlink())


def names_in(places: Iterable[Path]) -> str:
    """The names of all files, as one text."""
    return "\n".join(str(path) for place in places for path in [place, *place.rglob("*")])


def _without_empty_pages(content: bytes) -> bytes:
    """The preallocated log and unused pages are zeros."""
    if _EMPTY not in content:
        return content
    pages = (content[at : at + _PAGE] for at in range(0, len(content), _PAGE))
    return b"".join(page for page in pages if page != _EMPTY)


def _inflated(content: bytes) -> Iterator[bytes]:
    for match in _COMPRESSED.finditer(content):
        inflate = zlib.decompressobj(wbits=47)
        try:
            piece = inflate.decompress(
                content[match.start() : match.start() + _INFLATED], _INFLATED
            )
        except zlib.error:
            continue
        if len(piece) > _GROUP:
            yield piece
