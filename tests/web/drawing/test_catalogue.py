"""Every sentence of the screens has its English."""

import re
import sys
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[3]
CATALOGUE = ROOT / "web" / "locale" / "en" / "LC_MESSAGES" / "relais.po"
PLACEHOLDER = re.compile(r"%\(\w+\)s")
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}


def messages_in_the_source() -> set[str | tuple[str, ...]]:
    """Extract every message id with the project's own mapping."""
    with (ROOT / "web" / "locale" / "babel.cfg").open() as opened:
        methods, options = parse_mapping_cfg(opened)  # type: ignore[no-untyped-call]
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    found = extract_from_dir(ROOT, methods, options, keywords=KEYWORDS)
    return {message for _file, _line, message, _comments, _context in found if message}


def test_english_is_complete() -> None:
    """Given every sentence in the source, when the catalogue is read, then none is missing."""
    with CATALOGUE.open("rb") as opened:
        translated = {message.id for message in read_po(opened, locale="en") if message.string}
    wanted = messages_in_the_source()
    assert len(wanted) > 500
    assert wanted - translated == set()


def test_english_says_nothing_that_no_screen_says() -> None:
    """Given the catalogue, when each of its sentences is looked for in the source, then none is left over."""
    with CATALOGUE.open("rb") as opened:
        read = read_po(opened, locale="en")
        translated = {message.id for message in read if message.id}
        obsolete = list(read.obsolete)
    assert translated - messages_in_the_source() == set()
    assert obsolete == []


def test_placeholders_survive_translation() -> None:
    """Given a sentence with placeholders, when translated, then it has the same ones."""
    with CATALOGUE.open("rb") as opened:
        for message in read_po(opened, locale="en"):
            if not message.id or not message.string:
                continue
            french = message.id if isinstance(message.id, str) else message.id[-1]
            english = message.string if isinstance(message.string, str) else message.string[-1]
            assert sorted(PLACEHOLDER.findall(french)) == sorted(PLACEHOLDER.findall(english))
