"""The table that is signed is what the policies decide."""

import re
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from domain.compartments import Compartment
from policies.articles import read_articles
from policies.charter import Act, Charter, Decision
from policies.matrix import main, section
from tests.policies.cases import CHARTER_FOLDER
from tests.policies.strategies import KINDS
from tests.policies.test_refusals import institution, towards


@pytest.fixture(scope="module")
def answers(charter: Charter) -> Iterator[Charter]:
    """The charter, of whom each thing is asked once: the whole table asks what its parts asked before."""
    answer = cache(charter.decide)

    def decide(_charter: Charter, *asked: Any) -> Decision:
        return answer(*asked)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Charter, "decide", decide)
        yield charter


@pytest.mark.parametrize("act", Act, ids=lambda act: act.value)
def test_what_the_table_says_of_an_act_is_current(answers: Charter, act: Act) -> None:
    """Before the whole, so that a table that is wrong is so in a moment."""
    signed = (CHARTER_FOLDER / "matrix.md").read_text(encoding="utf-8")
    parts = signed.removesuffix("\n").split("\n\n## ")
    assert section(answers, act) in {f"## {part}" for part in parts}


@pytest.mark.usefixtures("answers")
def test_the_table_is_current(tmp_path: Path) -> None:
    # when the table is written anew
    folder = tmp_path / "policies"
    shutil.copytree(CHARTER_FOLDER, folder)
    (folder / "matrix.md").unlink()
    assert main([], folder) == 0
    # then it is the one that is signed
    assert (folder / "matrix.md").read_bytes() == (CHARTER_FOLDER / "matrix.md").read_bytes()


def test_a_stale_table_is_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "policies"
    shutil.copytree(CHARTER_FOLDER, folder)
    table = folder / "matrix.md"
    # given a table that says something else than the policies, here by one word of one answer
    table.write_text("non 5.2\n", encoding="utf-8")
    # when it is checked, then the command that writes it is named, and it is left as it was
    assert main(["--check"], folder, police_on_health) == 0
    table.write_text("oui 5.2\n", encoding="utf-8")
    assert main(["--check"], folder, police_on_health) == 1
    assert "python -m policies.matrix" in capsys.readouterr().err
    assert table.read_text(encoding="utf-8") == "oui 5.2\n"
    # and a table that is missing is stale
    table.unlink()
    assert main(["--check"], folder, police_on_health) == 1


def police_on_health(charter: Charter) -> str:
    """A table of one answer."""
    police, partner = institution("police", "offence-data"), towards()
    answer = charter.decide(Act.READ, police, partner, Compartment.HEALTH)
    return f"{'oui' if answer.allowed else 'non'} {', '.join(answer.articles)}\n"


def test_the_table_shows_every_kind_and_names_articles_that_exist() -> None:
    text = (CHARTER_FOLDER / "matrix.md").read_text(encoding="utf-8")
    cells = re.findall(r"(?<=\| )(?:oui|non) ([0-9., ]+)(?= \|)", text)
    named = {article for cell in cells for article in cell.split(", ")}
    assert named <= set(read_articles(CHARTER_FOLDER / "articles"))
    assert len(named) > 20
    assert all(re.search(rf"\b{kind}\b", text) for kind in KINDS)
