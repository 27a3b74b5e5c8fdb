"""What Babel cannot find by itself: the closed lists, and the sentences of refusals.

``babel.cfg`` names both methods; ``make messages`` or the command in that file runs them.
"""

import ast
import tomllib
from collections.abc import Iterator
from typing import BinaryIO

SPEAKING = {
    "Refusal",
    "InvalidValue",
    "JourneyIsClosed",
    "Moved",
    "FieldError",
    "Notice",
    "_Description",
    "__init__",
}
"""Calls whose sentences may reach a screen."""

Message = tuple[int, str, str, list[str]]
"""Line, function, message, comments, as Babel asks of an extractor."""


def extract_lists(opened: BinaryIO, *_: object, **_options: object) -> Iterator[Message]:
    """Yield every label of a closed list in TOML: each text, and each ``title`` of a table."""
    for content in tomllib.load(opened).values():
        for entry in content.values():
            label = entry["title"] if isinstance(entry, dict) else entry
            yield 0, "gettext", label, []


def extract_sentences(opened: BinaryIO, *_: object, **_options: object) -> Iterator[Message]:
    """Yield every text given to a call that speaks to people; joined literals count as one."""
    tree = ast.parse(opened.read().decode())
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        if name not in SPEAKING:
            continue
        for argument in [*node.args, *(keyword.value for keyword in node.keywords)]:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                text = argument.value
                if any(letter.isalpha() for letter in text) and (
                    " " in text or not text.isascii() or text[0].isupper()
                ):
                    yield node.lineno, "gettext", text, []
