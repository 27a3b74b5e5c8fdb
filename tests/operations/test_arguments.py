"""What the command line answers to words that it does not understand: one French line, and what to do."""

import pytest

from relais.__main__ import main

HINT = "« relais{} --help » dit ce qui est attendu."


@pytest.mark.parametrize(
    ("typed", "said", "command"),
    [
        ("", "Il manque : commande.", ""),
        ("found", "Il manque : FICHIER.", " found"),
        ("erase", "Il manque l'un de : SUIVI, --again.", " erase"),
        ("erase --again --now", "--now demande une valeur.", " erase"),
        ("erase 7F3K-2Q --again", "--again ne va pas avec SUIVI.", " erase"),
        ("erase --again=yes", "--again ne prend pas de valeur.", " erase"),
        ("verify --until x", "De trop, ou inconnu : --until x.", ""),
        ("verify --agains x", "De trop, ou inconnu : --agains x.", ""),
        ("serve --port", "--port demande une valeur.", " serve"),
        ("serve --port huit", "--port : « huit » n'est pas un port, de 0 à 65535.", " serve"),
        ("demo --port 65536", "--port : « 65536 » n'est pas un port, de 0 à 65535.", " demo"),
        ("demo --port -1", "--port : « -1 » n'est pas un port, de 0 à 65535.", " demo"),
    ],
)
def test_what_is_missing_or_too_much_is_told_in_one_line(
    capsys: pytest.CaptureFixture[str], typed: str, said: str, command: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(typed.split())

    told = capsys.readouterr()
    assert (ended.value.code, told.out) == (2, "")
    assert told.err == f"{said} {HINT.format(command)}\n"


def test_a_command_that_is_none_is_told_with_those_that_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["fonder"])

    told = capsys.readouterr()
    assert (ended.value.code, told.out) == (2, "")
    assert told.err.startswith("« fonder » n'est pas possible ici. Choisissez parmi : demo, ")
    assert told.err.endswith(f", erase. {HINT.format('')}\n")
    assert told.err.count("\n") == 1


def test_erasing_at_once_names_its_journey(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["erase", "--again", "--now", "fresh.dump"]) == 1

    assert capsys.readouterr().err.startswith("--now ne va pas avec --again")


@pytest.mark.parametrize("typed", ["--help", "erase --help", "found --help", "serve -h"])
def test_the_help_is_in_french(capsys: pytest.CaptureFixture[str], typed: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(typed.split())

    told = capsys.readouterr()
    assert (ended.value.code, told.err) == (0, "")
    assert told.out.startswith("emploi : relais")
    assert "montre cette aide" in told.out
    for english in ("usage", "positional", "show this", "arguments:"):
        assert english not in told.out
