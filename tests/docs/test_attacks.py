"""``docs/attacks.md`` has every attack case once, and each test that it names exists."""

from tests.docs.pages import ROOT, defined_tests, names, rows, text

CASES = rows(text("attacks.md"))
STATES = {"held", "in part", "open"}


def test_every_case_from_1_to_40_is_there_once() -> None:
    assert [int(cells[0]) for cells in CASES] == list(range(1, 41))


def test_a_case_is_held_by_tests_or_says_what_is_missing() -> None:
    for number, _, state, tests, missing in CASES:
        assert state in STATES, number
        assert bool(names(tests)) == (state != "open"), number
        assert bool(missing) == (state != "held"), number


def test_each_named_test_exists() -> None:
    named = {name for cells in CASES for name in names(cells[3])}
    assert len(named) > 30
    missing = []
    for name in sorted(named):
        path, _, test = name.partition("::")
        if not (ROOT / path).is_file() or test not in defined_tests(ROOT / path):
            missing.append(name)
    assert missing == []
