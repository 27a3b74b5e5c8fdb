"""``docs/words.md``: each word stands once, and the code uses it."""

import re

from tests.docs.pages import names, python_files, rows, text


def words() -> list[str]:
    """The code words of the page, in its order."""
    return [names(cells[0])[0] for cells in rows(text("words.md"))]


def test_each_word_stands_once() -> None:
    assert len(words()) > 30
    assert len(set(words())) == len(words())


def test_each_word_is_used_by_the_code() -> None:
    rooms = ("application", "domain", "infrastructure", "policies")
    code = "\n".join(path.read_text("utf-8") for path in python_files(*rooms)).lower()
    spoken = {word for word in words() if re.search(rf"\b{word}|{word.replace('_', '')}", code)}
    assert set(words()) - spoken == set()
