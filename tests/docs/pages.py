"""Reads the pages of ``docs/``: their tables, links and the names in their cells."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"

_CODE = re.compile(r"`([^`]+)`")


def text(page: str) -> str:
    """A page of ``docs/``, by its path there."""
    return (DOCS / page).read_text("utf-8")


def section(page: str, title: str) -> str:
    """What stands under a heading, up to the next heading of its level or a higher one."""
    lines = text(page).splitlines()
    (start,) = [number for number, line in enumerate(lines) if line.lstrip("#") == f" {title}"]
    level = len(lines[start]) - len(lines[start].lstrip("#"))
    found = []
    for line in lines[start + 1 :]:
        if re.match(rf"#{{1,{level}}} ", line):
            break
        found.append(line)
    return "\n".join(found)


def rows(markdown: str) -> list[list[str]]:
    """The cells of every row of the tables in a text, without heads. Raises ``ValueError`` where there is none."""
    found: list[list[str]] = []
    head = True
    for line in markdown.splitlines():
        if not line.startswith("|"):
            head = True
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if set("".join(cells)) <= set("-: "):
            head = False
        elif not head:
            found.append(cells)
    if not found:
        raise ValueError("no table here")
    return found


def names(cell: str) -> list[str]:
    """What stands between backquotes."""
    return _CODE.findall(cell)


def python_files(*rooms: str) -> Iterator[Path]:
    """Every module of some rooms."""
    for room in rooms:
        yield from sorted((ROOT / room).rglob("*.py"))


def defined_tests(path: Path) -> set[str]:
    """Every test that a file defines, those in classes and of state machines too."""
    tree = ast.parse(path.read_text("utf-8"))
    named = {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }
    assigned = {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and target.id.startswith("Test")
    }
    classes = {
        node.name
        for node in tree.body
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test")
    }
    return named | assigned | classes
