"""Words that the command line does not understand are answered in one French line, which says where help is."""

import pytest

from relais.__main__ import main

HINT = "« relais{} --help » dit ce qui est attendu."


@pytest.mark.parametrize(
    ("words", "answer", "command"),
    [
        ("", "Il manque : commande.", ""),
        ("found", "Il manque : FICHIER.", " found"),
        ("erase", "Il manque l'un de : SUIVI, --again.", " erase"),
        ("erase --again --now", "--now demande une valeur.", " erase"),
        ("erase 7F3K-2Q --again", "--again ne va pas avec SUIVI.", " erase"),
        ("erase --again=yes", "--again ne prend pas de valeur.", " erase"),
        ("verify --until x", "De trop, ou inconnu : --until.", " verify"),
        ("verify --agains x", "De trop, ou inconnu : --agains.", " verify"),
        ("found one.toml two.toml", "De trop : two.toml.", " found"),
        ("--verbose", "De trop, ou inconnu : --verbose.", ""),
        ("serve --port", "--port demande une valeur.", " serve"),
        ("serve --port huit", "--port : « huit » n'est pas un port, de 0 à 65535.", " serve"),
        ("demo --port 65536", "--port : « 65536 » n'est pas un port, de 0 à 65535.", " demo"),
        ("demo --port -1", "--port : « -1 » n'est pas un port, de 0 à 65535.", " demo"),
    ],
)
def test_a_word_that_is_missing_or_wrong_is_named_in_one_line(
    capsys: pytest.CaptureFixture[str], words: str, answer: str, command: str
) -> None:
    assert main(words.split()) == 2

    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == f"{answer} {HINT.format(command)}\n"


def test_an_unknown_command_is_answered_with_the_known_ones(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["fonder"]) == 2

    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("« fonder » n'est pas possible ici. Choisissez parmi : demo, ")
    assert printed.err.endswith(f", erase. {HINT.format('')}\n")
    assert printed.err.count("\n") == 1


def test_erasing_at_once_names_its_journey(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["erase", "--again", "--now", "fresh.dump"]) == 2

    assert capsys.readouterr().err.startswith("--now ne va pas avec --again")


@pytest.mark.parametrize("words", ["--help", "erase --help", "found --help", "serve -h"])
def test_the_help_is_in_french(capsys: pytest.CaptureFixture[str], words: str) -> None:
    assert main(words.split()) == 0

    printed = capsys.readouterr()
    assert printed.err == ""
    assert printed.out.startswith("emploi : relais")
    assert "montre cette aide" in printed.out
    for english in ("usage", "positional", "show this", "arguments:", "commands", "[options]"):
        assert english not in printed.out.lower()
