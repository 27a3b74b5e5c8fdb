"""``docs/cryptography.md`` lists every key, every label and every column of bytes: no more, and no less."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import FreshDatabase
from tests.docs.pages import names, python_files, rows, section

PAGE = "cryptography.md"
_LABEL = re.compile(r"(relais/v1/[a-z0-9-]+)\n?")
_BUILT = re.compile(r"relais/v\d+/$|^relais/v\d+$")


def constants(path: Path) -> Iterator[str]:
    """Every text or byte string of a module, the parts of formatted ones too."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
            value = node.value
            yield value.decode("latin-1") if isinstance(value, bytes) else value


def labels_of(path: Path) -> set[str]:
    """The labels that a module writes out."""
    return {match[1] for value in constants(path) if (match := _LABEL.fullmatch(value))}


def test_the_labels_are_those_of_the_code() -> None:
    used = set().union(*map(labels_of, python_files("infrastructure", "application", "relais")))
    told = [names(cells[0])[0] for cells in rows(section(PAGE, "The labels"))]
    assert len(used) > 15
    assert sorted(told) == sorted(used)


def test_every_label_stands_beside_a_key_or_needs_none() -> None:
    beside_keys = {name for cells in rows(section(PAGE, "The keys")) for name in names(cells[-1])}
    told = {names(cells[0])[0] for cells in rows(section(PAGE, "The labels"))}
    # A place and a digest are public: no key is theirs alone.
    assert told - beside_keys == {"relais/v1/entry", "relais/v1/row"}
    assert beside_keys <= told


def test_a_label_is_written_out_and_never_built() -> None:
    for path in python_files("infrastructure", "application", "relais"):
        assert not [value for value in constants(path) if _BUILT.search(value)], path


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('x = b"relais/v1/some-use\\n"', {"relais/v1/some-use"}),
        ('x = "relais/v1/other"', {"relais/v1/other"}),
        ('"""A use is named relais/v1/some-use."""', set()),
    ],
)
def test_labels_are_found_where_they_stand(tmp_path: Path, source: str, found: set[str]) -> None:
    module = tmp_path / "module.py"
    module.write_text(source)
    assert labels_of(module) == found


def test_the_columns_of_bytes_are_those_of_the_catalogue(database: FreshDatabase) -> None:
    with database.superuser.connection() as connection:
        stored = connection.execute(
            "SELECT table_name || '.' || column_name FROM information_schema.columns"
            " WHERE table_schema = 'relais' AND data_type IN ('bytea', 'ARRAY', 'json', 'jsonb')"
        ).fetchall()
    told = [
        name for cells in rows(section(PAGE, "The columns of bytes")) for name in names(cells[0])
    ]
    assert sorted(told) == sorted(column for (column,) in stored)


def test_a_key_is_kept_in_a_column_that_is_told() -> None:
    told = {
        name for cells in rows(section(PAGE, "The columns of bytes")) for name in names(cells[0])
    }
    kept = {
        name for cells in rows(section(PAGE, "The keys")) for name in names(cells[2]) if "." in name
    }
    assert kept
    assert kept <= told
