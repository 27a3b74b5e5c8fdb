"""What a page or a comment points at is there."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.docs.pages import DOCS, ROOT

ROOMS = ("application", "domain", "infrastructure", "policies", "relais", "web", "tests", "tools")
ADDING = "adding.md"
"""It names files that it adds; tests/docs/test_adding.py adds them."""

_LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
_PAGE = re.compile(r"docs/[\w./-]+\.md")
_FILE = re.compile(
    r"`(?!relais/v1)((?:application|domain|infrastructure|policies|relais|web|tests|docs|deployment)/[\w./-]+)`"
)


def pages() -> Iterator[Path]:
    """Every page of ``docs``, and what a newcomer reads first."""
    yield from sorted(DOCS.rglob("*.md"))
    if (ROOT / "README.md").exists():
        yield ROOT / "README.md"


def sources() -> Iterator[Path]:
    """Every file of ours that may name a page."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*")):
            if path.suffix in {".py", ".sql", ".toml", ".sh", ".html"} and (
                "node_modules" not in path.parts
            ):
                yield path


def test_links_between_pages_lead_somewhere() -> None:
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages()
        for target in _LINK.findall(page.read_text("utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []


def test_files_that_pages_name_are_there() -> None:
    missing = [
        f"{page.relative_to(ROOT)}: {name}"
        for page in pages()
        if page.name != ADDING
        for name in _FILE.findall(page.read_text("utf-8"))
        if not (ROOT / name).exists() and not name.startswith("web/static/built")
    ]
    assert missing == []


def test_pages_that_comments_name_are_there() -> None:
    found = {name for path in sources() for name in _PAGE.findall(path.read_text("utf-8"))}
    assert len(found) > 10
    assert [name for name in sorted(found) if not (ROOT / name).exists()] == []
