"""Whatever goes wrong is a refusal, and a charter that is not whole is not loaded."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.compartments import Compartment
from policies.articles import Article, read_articles
from policies.charter import (
    NO_PART,
    Act,
    Asker,
    BadCharter,
    Charter,
    Ground,
    Request,
    _version_hash,
)
from tests.policies.cases import CHARTER_FOLDER

EXCLUSION = "articles/01_2_exclusion.cedar"
HEALTH = "articles/05_2_health.cedar"
VERSION = "69203044a5bd37569338f727bb6cbab0e98a087733317983cef4392a9b3ccf8c"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the charter, to be spoilt."""
    copy = tmp_path / "policies"
    shutil.copytree(CHARTER_FOLDER / "articles", copy / "articles")
    for name in ("charter.cedarschema", "compartments.json", "matrix.md"):
        shutil.copy(CHARTER_FOLDER / name, copy / name)
    return copy


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def member(kind: str = "legal-advice", *, excluded: bool = False) -> Asker:
    return Asker(
        institution_kind=kind,
        may=frozenset(),
        gateway=False,
        works_with_author=False,
        institution_signed=True,
        referent_signed=True,
        suspended=False,
        excluded=excluded,
    )


def test_a_forbid_that_fails_is_a_refusal(folder: Path) -> None:
    # given a forbid that overflows when it is weighed, which Cedar then skips
    change(
        folder / EXCLUSION,
        "{ context.asker.excluded }",
        "{ 9223372036854775807 + 1 > 0 && context.asker.excluded }",
    )
    charter = Charter.load(folder)
    # when a permit alone is left
    answer = charter.decide(Act.READ_CHARTER, member())
    # then it is refused, with the constant answer and the reason for the log
    assert not answer.allowed
    assert answer.articles == ("2.1",)
    assert answer.policies == ()
    assert "overflow" in answer.errors[0]


def test_an_unknown_ground_is_a_refusal(charter: Charter) -> None:
    answer = charter.decide(Act.READ, member(), None, Compartment.FRAME, "because")
    assert (answer.allowed, answer.articles) == (False, ("2.1",))
    assert "because" in answer.errors[0]


def test_a_compartment_belongs_to_acts_on_compartments() -> None:
    with pytest.raises(ValueError, match="a compartment is given"):
        Request(Act.READ, member())
    with pytest.raises(ValueError, match="a compartment is given"):
        Request(Act.CONSULT, member(), NO_PART, Compartment.FRAME)


def test_an_unknown_entitlement_is_no_fact() -> None:
    with pytest.raises(ValueError, match="cares"):
        Asker(
            institution_kind="health",
            may=frozenset({"cares"}),
            gateway=False,
            works_with_author=False,
            institution_signed=True,
            referent_signed=True,
            suspended=False,
            excluded=False,
        )


def spoil_schema(folder: Path) -> None:
    change(folder / "charter.cedarschema", "entity Network;", "entity Network")


def unknown_fact(folder: Path) -> None:
    change(folder / EXCLUSION, "context.asker.excluded", "context.asker.exclude")


def unknown_kind(folder: Path) -> None:
    change(folder / HEALTH, 'Kind::"police"', 'Kind::"polise"')


def no_id(folder: Path) -> None:
    change(folder / EXCLUSION, '@id("1.2-exclusion")\n', "")


def same_id(folder: Path) -> None:
    change(folder / HEALTH, '@id("5.2-consent")', '@id("5.2-care")')


def no_article(folder: Path) -> None:
    change(folder / HEALTH, '@article("5.2")', '@article("5.9")')


def no_wording(folder: Path) -> None:
    path = folder / EXCLUSION
    path.write_text(
        re.sub(r"@wording\(.*\)\n", "", path.read_text(encoding="utf-8")), encoding="utf-8"
    )


def wrong_file(folder: Path) -> None:
    change(folder / EXCLUSION, '@article("1.2")', '@article("5.2")')


def nothing_permits(folder: Path) -> None:
    change(folder / EXCLUSION, 'action == Action::"exclude"', 'action == Action::"audit"')


def spoil_compartments(folder: Path) -> None:
    change(folder / "compartments.json", '"Class"', '"Clas"')


def no_articles(folder: Path) -> None:
    shutil.rmtree(folder / "articles")
    (folder / "articles").mkdir()


def odd_name(folder: Path) -> None:
    (folder / HEALTH).rename(folder / "articles" / "health.cedar")


def odd_number(folder: Path) -> None:
    (folder / HEALTH).rename(folder / "articles" / "05_3_health.cedar")


def short_head(folder: Path) -> None:
    (folder / HEALTH).write_text("// Article 5.2 : Santé\n", encoding="utf-8")


def joined_head(folder: Path) -> None:
    change(folder / HEALTH, "R. 1110-1\n//\n", "R. 1110-1\n// Puis :\n")


def odd_confidence(folder: Path) -> None:
    change(folder / HEALTH, "Confiance : H", "Confiance : sûre")


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (spoil_schema, "charter.cedarschema"),
        (unknown_fact, "exclude"),
        (unknown_kind, "polise"),
        (no_id, "@id of its own: ''"),
        (same_id, "@id of its own: '5.2-care'"),
        (no_article, "an @article of the charter"),
        (no_wording, "1.2-exclusion: an @article of the charter and a @wording"),
        (wrong_file, "stands in another article's file"),
        (nothing_permits, "nothing permits it"),
        (spoil_compartments, "compartments.json"),
        (no_articles, "no article"),
        (odd_name, "a file is named like"),
        (odd_number, "holds article 5.2"),
        (short_head, "title, confidence, references, empty line"),
        (joined_head, "title, confidence, references, empty line"),
        (odd_confidence, "open the file"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_spoilt_charter_is_not_loaded(
    folder: Path, spoil: Callable[[Path], None], message: str
) -> None:
    Charter.load(folder)
    spoil(folder)
    with pytest.raises(BadCharter, match=re.escape(message)):
        Charter.load(folder)


def test_a_charter_without_its_table_is_not_loaded(folder: Path) -> None:
    (folder / "matrix.md").unlink()
    with pytest.raises(FileNotFoundError):
        Charter.load(folder)


def test_the_version_moves_with_wording_and_table_and_with_nothing_else(folder: Path) -> None:
    before = Charter.load(folder).version_hash
    assert len(before) == 32
    # a repair of a policy that changes no decision
    change(
        folder / EXCLUSION,
        "{ context.asker.excluded }",
        "{ context.asker.excluded || context.asker.excluded }",
    )
    assert Charter.load(folder).version_hash == before
    change(folder / EXCLUSION, "admission.", "admission, signée.")
    reworded = Charter.load(folder).version_hash
    change(folder / "matrix.md", "oui 1.1", "non 1.1")
    assert len({before, reworded, Charter.load(folder).version_hash}) == 3


def test_the_version_is_made_as_it_is_written_down() -> None:
    """What was signed must be found again by others, years later: a vector worked out by hand."""
    article = Article("1.1", "Signer", "H", "RGPD", "Rien avant d’avoir signé.", "")
    assert _version_hash({"1.1": article}, b"oui 1.1\n").hex() == VERSION


def test_an_article_is_what_its_file_says(tmp_path: Path) -> None:
    (tmp_path / "12_3_example.cedar").write_text(
        "// Article 12.3 : Un exemple\n// Confiance : H/M\n// Références : RGPD, art. 5\n//\n"
        "// Une phrase\n// sur deux lignes.\n//\n// Un second paragraphe.\n\npermit;\n",
        encoding="utf-8",
    )
    assert read_articles(tmp_path) == {
        "12.3": Article(
            number="12.3",
            title="Un exemple",
            confidence="H/M",
            references="RGPD, art. 5",
            wording="Une phrase sur deux lignes.\n\nUn second paragraphe.",
            policies="permit;",
        )
    }


def test_articles_answer_in_the_order_of_the_charter(charter: Charter) -> None:
    """3.1 stands before 10.2, whatever the alphabet says."""
    answer = charter.decide(Act.SEARCH, member("coordination"))
    assert answer.articles == ("3.1", "10.2")


def test_an_article_is_read_in_paragraphs() -> None:
    articles = read_articles(CHARTER_FOLDER / "articles")
    health = articles["5.2"]
    assert health.confidence == "H"
    assert health.references == "CSP, L. 1110-4 et R. 1110-1"
    assert health.wording.count("\n\n") == 1
    assert "\n" not in health.wording.replace("\n\n", "")
    assert health.policies.startswith('@id("5.2-care")')
    assert not articles["7.1"].policies
    numbers = list(articles)
    assert numbers.index("5.5") < numbers.index("6.1") < numbers.index("10.1")


def test_compartments_have_the_class_that_the_domain_gives_them() -> None:
    stored = json.loads((CHARTER_FOLDER / "compartments.json").read_text(encoding="utf-8"))
    classes = {
        entity["uid"]["id"]: {parent["id"] for parent in entity["parents"]} - {"emergency"}
        for entity in stored
    }
    assert classes == {one.value: {one.information_class.value} for one in Compartment}


def test_the_literals_of_policies_exist() -> None:
    # Cedar checks the words of enumerations and actions; compartments and classes are ours to check.
    stored = (CHARTER_FOLDER / "compartments.json").read_text(encoding="utf-8")
    used = {
        literal
        for article in read_articles(CHARTER_FOLDER / "articles").values()
        for literal in re.findall(r'(?:Class|Compartment)::"([a-z_]+)"', article.policies)
    }
    known = {value["id"] for one in json.loads(stored) for value in [one["uid"], *one["parents"]]}
    assert used
    assert used <= known


def test_grounds_are_those_of_the_schema() -> None:
    schema = (CHARTER_FOLDER / "charter.cedarschema").read_text(encoding="utf-8")
    listed = re.search(r"entity Ground enum \[(.*?)\]", schema, re.DOTALL)
    assert listed is not None
    assert set(re.findall(r'"([^"]+)"', listed[1])) == {ground.value for ground in Ground}
