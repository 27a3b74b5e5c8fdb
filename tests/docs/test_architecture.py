"""``docs/architecture.md``: each function that its walk names is there, and its examples run."""

import doctest
import importlib
import re
import tomllib

from domain.catalogue import Catalogue
from domain.compartments import Compartment
from tests.docs.pages import DOCS, ROOT, names, section, text

_PLACE = re.compile(r"([\w/]+\.py)::([\w.]+)")


def places() -> list[tuple[str, str]]:
    """Every ``file.py::name`` of the page."""
    found = [_PLACE.fullmatch(name) for name in names(text("architecture.md"))]
    return [(match[1], match[2]) for match in found if match]


def test_each_function_that_is_named_exists() -> None:
    assert len(places()) > 20
    for path, name in places():
        module = importlib.import_module(path.removesuffix(".py").replace("/", "."))
        found: object = module
        for part in name.split("."):
            assert hasattr(found, part), f"{path}::{name}"
            found = getattr(found, part)


def test_the_rooms_are_those_of_the_tree() -> None:
    told = re.findall(r"^\| `(\w+)/`", section("architecture.md", "Rooms"), re.MULTILINE)
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert set(told) == packages


def test_the_example_of_a_kind_has_the_form_of_the_catalogue() -> None:
    (line,) = re.findall(r"^```toml\n(.*?)^```$", text("architecture.md"), re.DOTALL | re.MULTILINE)
    catalogue = (ROOT / "domain" / "catalogue.toml").read_text("utf-8")
    head = "[action_kinds]\n"
    assert catalogue.count(head) == 1
    kinds = tomllib.loads(catalogue.replace(head, head + line))["action_kinds"]
    (code,) = tomllib.loads(line)
    assert len(kinds) == len(Catalogue.load().action_kinds) + 1
    assert Compartment(kinds[code]["compartment"]) is Compartment.FOLLOW_UP
    assert set(kinds[code]) == set(kinds["note"])


def test_the_examples_run() -> None:
    results = doctest.testfile(
        str(DOCS / "architecture.md"),
        module_relative=False,
        optionflags=doctest.IGNORE_EXCEPTION_DETAIL,
    )
    assert results.attempted > 5
    assert results.failed == 0
