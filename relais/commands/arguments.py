"""Words typed after ``relais``, and the French line for those that it does not understand."""

import argparse
import re
from collections.abc import Iterable
from typing import Any, Final, NoReturn

_SAID: Final = (
    (r"the following arguments are required: (?P<names>.+)", "Il manque : {names}."),
    (r"one of the arguments (?P<names>.+) is required", "Il manque l'un de : {names}."),
    (r"unrecognized arguments: (?P<given>.+)", "De trop, ou inconnu : {given}."),
    (r"argument (?P<name>.+?): expected one argument", "{name} demande une valeur."),
    (r"argument (?P<name>.+?): ignored explicit argument .+", "{name} ne prend pas de valeur."),
    (
        r"argument (?P<name>.+?): not allowed with argument (?P<other>.+)",
        "{name} ne va pas avec {other}.",
    ),
    (
        r"argument .+?: invalid choice: '?(?P<given>.*?)'? \(choose from (?P<names>.+)\)",
        "« {given} » n'est pas possible ici. Choisissez parmi : {names}.",
    ),
    (r"argument (?P<name>.+?): (?P<ours>«.+)", "{name} : {ours}"),
)
"""What ``argparse`` says, and what we say: its words are fixed, and it takes no others."""


class Arguments(argparse.ArgumentParser):
    """A parser that speaks French: status 2 and one line, which says what is wrong and where help is."""

    def __init__(self, **given: Any) -> None:
        """As ``ArgumentParser``. An option is typed whole."""
        super().__init__(**given, allow_abbrev=False, add_help=False, formatter_class=_Help)
        self._positionals.title = "à indiquer"
        self.add_argument("-h", "--help", action="help", help="montre cette aide")

    def error(self, message: str) -> NoReturn:
        """End with the French line for what ``argparse`` says in English."""
        self.exit(2, f"{_french(message)} « {self.prog} --help » dit ce qui est attendu.\n")


class _Help(argparse.HelpFormatter):
    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, "emploi : " if prefix is None else prefix)


def port(given: str) -> int:
    """A port from what was typed. Raises ``ArgumentTypeError``."""
    if not re.fullmatch(r"[0-9]{1,5}", given) or int(given) > 65535:
        raise argparse.ArgumentTypeError(f"« {given} » n'est pas un port, de 0 à 65535.")
    return int(given)


def _french(message: str) -> str:
    for english, french in _SAID:
        if match := re.fullmatch(english, message, re.DOTALL):
            parts = match.groupdict()
            if "names" in parts:
                parts["names"] = ", ".join(re.findall(r"[^\s,']+", parts["names"]))
            return french.format(**parts)
    return "Cette commande ne se comprend pas."
