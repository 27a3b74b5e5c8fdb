"""Each page of ``docs/decisions`` says context, choice, cost and the check that guards it, and the check exists."""

import re

from tests.docs.pages import DOCS, ROOT, defined_tests, names

PAGES = sorted((DOCS / "decisions").glob("[0-9]*.md"))


def test_pages_are_numbered_without_a_gap() -> None:
    assert [int(page.name[:4]) for page in PAGES] == list(range(1, len(PAGES) + 1))
    assert len(PAGES) >= 14


def test_each_has_its_four_parts() -> None:
    for page in PAGES:
        heads = re.findall(r"^## (.+)$", page.read_text("utf-8"), re.MULTILINE)
        assert heads == ["Context", "Choice", "Cost", "Check"], page.name


def test_the_list_names_each() -> None:
    listed = (DOCS / "decisions" / "README.md").read_text("utf-8")
    for page in PAGES:
        title = page.read_text("utf-8").splitlines()[0].removeprefix("# ")
        assert f"[{page.name[:4]}]({page.name}) {title}\n" in listed


def test_each_check_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for page in PAGES:
        checks = names(page.read_text("utf-8").partition("## Check")[2])
        assert checks, page.name
        for check in checks:
            path, _, test = check.partition("::")
            if check.startswith("make "):
                assert check.removeprefix("make ") in targets, check
            else:
                assert test in defined_tests(ROOT / path), check
