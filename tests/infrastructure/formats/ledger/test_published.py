"""The reader of vectors and examples refuses what would let a test pass on nothing."""

import pytest

from tests.infrastructure.formats.ledger.published import example, parse_vectors

_KINDS = {"root": {"leaves"}}


def test_a_vector_of_known_keys_is_read() -> None:
    assert parse_vectors("[[root]]\ncomment = ''\nleaves = 1", _KINDS) == {
        "root": [{"comment": "", "leaves": 1}]
    }


@pytest.mark.parametrize(
    "text",
    [
        "",
        "root = []",
        "[[root]]\ncomment = ''\nleaves = 1\nunknown = 1",
        "[[root]]\nleaves = 1",
        "[[root]]\ncomment = ''\nleaves = 1\n[[other]]\ncomment = ''",
    ],
)
def test_nothing_or_the_unknown_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"kind|keys"):
        parse_vectors(text, _KINDS)


def test_a_page_without_the_example_is_refused() -> None:
    with pytest.raises(ValueError, match="unpack"):
        example("tree.md", "no-such-language")
