"""Policies, ledger and sealing made wrong in each small way: each mutant must turn a test red.

``python -m tests.campaigns.mutation [ROOM …] [--only PATTERN] [--again] [--processes N]`` copies the project to
``var/mutation``, lets mutmut make the mutants of a room there and run the tests that reach each one, and lists those
left standing. Stopped and run again, it goes on where it was; ``--again`` tries what was left standing anew, after a
test was written. The rules of the charter, which are not Python, are in ``tests/campaigns/charter_mutants.py``.
"""

# ruff: noqa: T201 (it prints what it tried)

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infrastructure.postgres.embedded.cluster import start
from tests.clusters import name_of_this_run, remove_abandoned
from tests.conftest import LENT
from tests.databases import CLONE, make_template

SOURCES = ["application", "domain", "infrastructure", "policies", "relais", "web"]


@dataclass(frozen=True, slots=True)
class Room:
    """What is mutated together: ``modules`` are files, ``tests`` what judges them, both as patterns of paths; of these
    ``slow`` judge only what the others left standing (``--again``)."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]
    slow: tuple[str, ...] = ()


ROOMS = {
    "policies": Room(
        modules=tuple(
            f"policies/{module}.py"
            for module in ("acts", "articles", "charter", "facts", "grounds", "requests", "rules")
        ),
        tests=(
            "tests/policies/test_errors.py",
            "tests/policies/test_expected.py",
            "tests/policies/test_grounds.py",
            "tests/policies/test_refusals.py",
        ),
    ),
    "table": Room(modules=("policies/matrix.py",), tests=("tests/policies/test_matrix.py",)),
    "ledger": Room(
        modules=(
            "infrastructure/formats/ledger/*.py",
            "infrastructure/formats/ledger_key.py",
            "infrastructure/formats/session_certificate.py",
            "infrastructure/ledger/*.py",
        ),
        tests=(
            "tests/infrastructure/formats/test_session_certificate.py",
            "tests/infrastructure/formats/ledger/test_checkpoint.py",
            "tests/infrastructure/formats/ledger/test_entry.py",
            "tests/infrastructure/formats/ledger/test_body.py",
            "tests/infrastructure/formats/ledger/test_header.py",
            "tests/infrastructure/ledger/test_ledger.py",
            "tests/infrastructure/ledger/test_watch.py",
            "tests/infrastructure/formats/ledger/test_tree.py",
            "tests/docs/test_formats.py",
            "tests/infrastructure/formats/ledger/test_published.py",
            "tests/infrastructure/ledger/test_order.py",
            "tests/infrastructure/ledger/test_election.py",
            "tests/infrastructure/ledger/test_checkpoints.py",
        ),
    ),
    "verification": Room(
        modules=("infrastructure/ledger/verification/*.py",),
        tests=(
            "tests/infrastructure/ledger/verification/test_verify.py",
            "tests/infrastructure/ledger/verification/test_checkpoints.py",
            "tests/infrastructure/ledger/verification/test_rows.py",
            "tests/infrastructure/ledger/verification/test_destroyed_rows.py",
            "tests/infrastructure/ledger/verification/test_with_keys.py",
        ),
    ),
    "sealing": Room(
        modules=tuple(
            f"infrastructure/{module}.py"
            for module in (
                "formats/bundle",
                "formats/card",
                "formats/entry",
                "formats/envelope",
                "formats/event",
                "formats/grant",
                "formats/group_secret",
                "formats/keys",
                "formats/session",
                "formats/shred_secret",
                "house/house",
                "store/card_lists",
            )
        ),
        tests=(
            "tests/infrastructure/formats/test_bundle.py",
            "tests/infrastructure/formats/test_envelope.py",
            "tests/infrastructure/formats/test_grant.py",
            "tests/infrastructure/formats/test_event.py",
            "tests/infrastructure/house/test_house.py",
            "tests/infrastructure/formats/test_keys.py",
            "tests/docs/test_formats.py",
            "tests/infrastructure/formats/ledger/test_published.py",
            "tests/infrastructure/formats/ledger/test_row_digests.py",
            "tests/infrastructure/formats/test_entry.py",
            "tests/infrastructure/formats/test_session.py",
            "tests/infrastructure/store/test_shelf.py",
        ),
    ),
    "store": Room(
        modules=tuple(
            f"infrastructure/store/{module}.py" for module in ("giving", "loaded", "store")
        ),
        tests=(
            "tests/infrastructure/store/test_entitled_granter.py",
            "tests/infrastructure/store/test_giving.py",
            "tests/infrastructure/store/test_keeping_apart.py",
            "tests/infrastructure/store/test_passing_on.py",
            "tests/infrastructure/store/test_store.py",
            "tests/infrastructure/store/test_put_in.py",
            "tests/infrastructure/store/test_swapped.py",
            "tests/infrastructure/store/test_shelf.py",
        ),
        slow=(
            "tests/infrastructure/store/test_put_in.py::test_a_key_put_into_the_directory_is_refused_before_anything_is_sealed_to_it",
            "tests/infrastructure/store/test_swapped.py::test_a_transplant_is_noticed_and_never_read_as_something_else",
        ),
    ),
}
"""The rooms, each with the tests that are nearest to it."""

SPARED = (
    # It reads the defaults of functions that mutmut wraps.
    "tests/infrastructure/formats/test_bundle.py::test_the_floor_is_what_the_design_says",
    "tests/infrastructure/store/test_swapped.py::test_half_an_entry_fits_no_other",
    "tests/infrastructure/ledger/test_election.py::test_a_killed_sequencer_leaves_a_sound_ledger",
    "tests/infrastructure/ledger/test_order.py::test_each_committed_entry_gets_one_leaf_whatever_the_schedule",
    "tests/infrastructure/ledger/verification/test_verify.py::test_a_byte_altered_anywhere_is_named",
)
"""Tests that judge no mutant: each of thousands would wait for the others, which take ten seconds and more."""

STANDING = {0: "survived", 5: "no test", 33: "no test", 35: "suspicious"}
"""What mutmut writes down of a mutant that nothing stopped."""


def main() -> int:
    """Run the campaign of the rooms named, by default of all; returns 1 where a mutant was left standing."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("rooms", nargs="*", metavar="room", help=", ".join(ROOMS))
    asked.add_argument("--only", default="", help="such as 'infrastructure.formats.ledger.tree.*'")
    asked.add_argument("--again", action="store_true", help="what was left standing, anew")
    asked.add_argument("--processes", type=int, default=2, help="mutants tried at once")
    wanted = asked.parse_args()
    standing = 0
    for name in wanted.rooms or ROOMS:
        print(f"→ {name}", flush=True)
        standing += campaign(CLONE / "var" / "mutation" / name, ROOMS[name], wanted)
    return 1 if standing else 0


def campaign(folder: Path, room: Room, wanted: argparse.Namespace) -> int:
    """Run one room's campaign in its folder; returns how many mutants were left standing."""
    copy_project(folder)
    configure(folder, room)
    before = [name for name, _ in left_standing(folder)] if wanted.again else []
    if wanted.again and not before:
        return 0
    named = before or ([wanted.only] if wanted.only else [])
    # Not in the configuration: mutmut forgets what it found where that changes.
    put_off = "" if wanted.again else " ".join(without(room.slow))
    with lent_cluster(folder / "mutants") as environment:
        mutmut = Path(sys.executable).parent / "mutmut"
        subprocess.run(
            [mutmut, "run", "--max-children", str(wanted.processes), *named],
            cwd=folder,
            env={**environment, "PYTEST_ADDOPTS": put_off},
            check=True,
        )
    found = left_standing(folder)
    for name, said in found:
        print(f"{said}: {name}")
    return len(found)


def copy_project(folder: Path) -> None:
    """Copy what Git knows of or would add; a file that did not change keeps its time, so that mutants stand."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=CLONE,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split("\0")
    names = {name for name in listed if name and (CLONE / name).is_file()}
    for known in folder.rglob("*"):
        name = known.relative_to(folder).as_posix()
        if known.is_file() and not name.startswith("mutants/") and name not in names:
            known.unlink()
    # mutmut copies the tests beside those of the last time, and data files once; what a test reaches, it asks once.
    shutil.rmtree(folder / "mutants" / "tests", ignore_errors=True)
    (folder / "mutants" / "mutmut-stats.json").unlink(missing_ok=True)
    for name in sorted(names):
        _copy(CLONE / name, folder / name)
        if name.split("/")[0] in SOURCES and not name.endswith(".py"):
            _copy(CLONE / name, folder / "mutants" / name)


def _copy(source: Path, target: Path) -> None:
    if target.is_file() and target.read_bytes() == source.read_bytes():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def configure(folder: Path, room: Room) -> None:
    """Tell mutmut what to mutate and by which tests; it reads the copy's ``pyproject.toml``."""
    settings = {
        "source_paths": SOURCES,
        "only_mutate": list(room.modules),
        # How a refusal is worded is for people to judge.
        "do_not_mutate_patterns": [r"raise \w+\("],
        "also_copy": ["docs"],
        "pytest_add_cli_args_test_selection": list(room.tests),
        "pytest_add_cli_args": ["-p", "no:cacheprovider", *without(SPARED)],
        "type_check_command": [
            # Strict, but for the comments that mutmut itself writes into each module.
            *(sys.executable, "-m", "mypy", "--config-file=", "--strict", "--output=json"),
            "--disable-error-code=unused-ignore",
            *(word for name in SOURCES for word in ("-p", name)),
        ],
        # What loops for ever must not hold up the others for long, and the machine may be at something else.
        "timeout_constant": 4.0,
        "timeout_multiplier": 6.0,
        "use_git_change_detection": False,
    }
    lines = [f"{name} = {json.dumps(value)}" for name, value in settings.items()]
    text = (CLONE / "pyproject.toml").read_text(encoding="utf-8")
    text += "\n[tool.mutmut]\n" + "\n".join(lines) + "\n"
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")


def without(tests: tuple[str, ...]) -> list[str]:
    """What tells pytest to leave these out."""
    return [f"--deselect={test}" for test in tests]


@contextmanager
def lent_cluster(clone: Path) -> Iterator[dict[str, str]]:
    """One cluster for all runs of the campaign: the environment that lends it."""
    clone.mkdir(parents=True, exist_ok=True)
    remove_abandoned(clone)
    cluster = start(clone, name=name_of_this_run(), durable=False)
    try:
        make_template(cluster)
        yield {**os.environ, LENT: cluster.home.name}
    finally:
        cluster.remove()


def left_standing(folder: Path) -> list[tuple[str, str]]:
    """The mutants that nothing stopped, with what was said of each."""
    found: list[tuple[str, str]] = []
    for path in sorted((folder / "mutants").rglob("*.py.meta")):
        codes = json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
        found += [(name, STANDING[code]) for name, code in codes.items() if code in STANDING]
    return found


if __name__ == "__main__":
    sys.exit(main())
