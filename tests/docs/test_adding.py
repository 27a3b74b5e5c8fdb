"""``docs/adding.md``: the subject that it adds is added to a copy of the house, and works there."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, names, rows, text

ROOMS = ("application", "domain", "infrastructure", "policies", "relais", "tests", "web")
_BLOCK = re.compile(r"^`([\w./-]+)`\n\n```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)

STORY = """
from tests.telling.journeys import journey_under_way
from tests.web.house import WebHouse
from tests.web.reading import hidden_fields


def test_a_phone_is_lent_and_seen_by_who_reads_the_contact_alone(house: WebHouse) -> None:
    address = f"/suivis/{journey_under_way(house.town, 'police', 'spip')}"
    lender, police, probation = map(house.browser, ("cidff.un", "police.un", "spip.un"))
    for reader in (police, probation):
        reader.post(f"{address}/consultations", {"motif": "ongoing_work"})
    page = f"{address}/telephone"
    days = {"date": "2026-03-02", "version": hidden_fields(lender.get(page).text)["version"]}
    refused = lender.post(page, {**days, "echeance": "2026-03-01"})
    assert refused.status_code == 422
    assert 'href="#echeance"' in refused.text
    assert lender.post(page, {**days, "echeance": "2026-04-01"}).status_code == 303
    assert "1er avril" in lender.get(page).text
    assert "1er avril" in police.get(page).text
    assert "1er avril" not in probation.get(page).text
"""


def blocks() -> dict[str, tuple[str, str]]:
    """The language and content of the page's blocks, by the file that each is of."""
    return {
        path: (language, content) for path, language, content in _BLOCK.findall(text("adding.md"))
    }


def touched() -> list[str]:
    """The files that the page's table names."""
    return [names(cells[1])[0] for cells in rows(text("adding.md"))]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the house with the page's subject in it."""
    house = tmp_path_factory.mktemp("adding") / "house"
    ignored = shutil.ignore_patterns("node_modules", "__pycache__", "*.mo")
    for room in ROOMS:
        shutil.copytree(ROOT / room, house / room, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", house)
    shutil.copytree(ROOT / "docs", house / "docs")
    for path, (language, content) in blocks().items():
        if language == "diff":
            change = f"--- a/{path}\n+++ b/{path}\n{content}"
            subprocess.run(
                ["git", "apply", "--unidiff-zero", "-"],
                cwd=house,
                input=change,
                text=True,
                check=True,
            )
        else:
            assert not (house / path).exists()
            (house / path).write_text(content, "utf-8")
    (house / "tests/web/journey/test_story.py").write_text(STORY, "utf-8")
    return house


def run(copy: Path, *words: str) -> None:
    """Run a module in the copy; it must succeed."""
    done = subprocess.run(
        [sys.executable, *words], cwd=copy, capture_output=True, check=False, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_table_names_the_files_that_the_blocks_touch() -> None:
    assert touched() == list(dict.fromkeys(touched()))
    assert sorted(touched()) == sorted(blocks())
    assert len([cells for cells in rows(text("adding.md")) if cells[0] != "+"]) <= 10


def test_each_new_module_has_its_place(copy: Path) -> None:
    run(copy, "-c", "from importlinter.cli import lint_imports_command as lint; lint()")


def test_the_subject_works_through_its_pages_and_breaks_no_law(copy: Path) -> None:
    """Given the page's subject, when its tests and the laws that it must keep are run, then they hold."""
    run(copy, "web/assets/build.py")
    run(
        copy,
        *("-m", "pytest", "-q", "-p", "no:cacheprovider"),
        "tests/domain/journey",
        "tests/infrastructure/formats/test_event.py",
        "tests/application/test_every_use_case.py",
        "tests/web/drawing/test_catalogue.py",
        "tests/web/test_refused_values.py",
        "tests/web/journey/test_story.py",
    )
