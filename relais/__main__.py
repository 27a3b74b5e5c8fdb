"""The command line: ``relais demo``, ``serve``, ``worker``, ``bootstrap``, ``migrate``, ``found``, ``verify``,
``rotate`` and ``erase``.

A command that cannot do what was asked answers in one clear French line.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click
import psycopg

from infrastructure.house.folder import CopyRefused
from infrastructure.house.house import HouseMissing
from infrastructure.postgres.database import AddressRefused
from infrastructure.postgres.embedded.errors import EmbeddedUnavailable
from infrastructure.postgres.migrating import MigrationRefused
from relais.commands import destroying, installing, running, verifying
from relais.commands.arguments import FILE, Command, Commands, Misunderstood, french, port
from relais.demonstration.run import demonstrate
from relais.environment import COPY, CannotRun
from relais.front import FrontRefused
from relais.paths import CLONE
from web.drawing.served_files import ServedFilesError


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; the status is 0 if it did what was asked, 2 if its words were not understood."""
    try:
        return _run(sys.argv[1:] if words is None else list(words))
    except click.UsageError as mistake:
        print(french(mistake), file=sys.stderr)
        return 2
    except (
        AddressRefused,
        CannotRun,
        EmbeddedUnavailable,
        FrontRefused,
        MigrationRefused,
        ServedFilesError,
    ) as refused:
        print(refused, file=sys.stderr)
    except HouseMissing as missing:
        print(f"Le dossier de la maison manque, ou n'est pas entier : {missing}.", file=sys.stderr)
    except CopyRefused as refused:
        print(
            f"Le dossier de la copie ({COPY}) n'est pas là, ou n'est pas de cette maison : {refused}.",
            file=sys.stderr,
        )
    except psycopg.OperationalError:
        # Its own words may name the server and the role.
        print("La base de données ne répond pas, ou refuse ce rôle.", file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    return 1


def _run(words: list[str]) -> int:
    """Run the command that the words name. Raises ``click.UsageError``."""
    try:
        with COMMANDS.make_context("relais", words) as context:
            status: int = COMMANDS.invoke(context)
    except click.exceptions.Exit as ended:
        # Help was asked for, and printed.
        return ended.exit_code
    return status


@click.command("demo", cls=Command, help="lance la démonstration")
@click.option("--port", type=port, default="8000", metavar="PORT", help="port local (8000)")
@click.option("--data-only", is_flag=True, help="prépare les données sans servir")
def _demo(*, port: int, data_only: bool) -> int:
    return demonstrate(CLONE, port, data_only=data_only)


@click.command("bootstrap", cls=Command, help="crée les rôles et la base sur un serveur à soi")
def _bootstrap() -> int:
    return installing.bootstrap(os.environ)


@click.command("migrate", cls=Command, help="met la base de données à jour")
def _migrate() -> int:
    return installing.migrate(os.environ)


@click.command("found", cls=Command, help="fonde un réseau décrit dans un fichier")
@click.argument("file", type=FILE, metavar="FICHIER", help="description du réseau, en TOML")
def _found(file: Path) -> int:
    return installing.found(os.environ, file)


@click.command("serve", cls=Command, help="sert les pages")
@click.option("--host", default="127.0.0.1", metavar="ADRESSE", help="où écouter (127.0.0.1)")
@click.option("--port", type=port, default="8000", metavar="PORT", help="port (8000)")
def _serve(host: str, port: int) -> int:
    return running.serve(os.environ, host, port)


@click.command("worker", cls=Command, help="ordonne le registre et signe ses sceaux")
@click.option("--heartbeat", type=FILE, metavar="FICHIER", help="touché à chaque tour")
def _worker(heartbeat: Path | None) -> int:
    return running.work(os.environ, heartbeat)


@click.command("verify", cls=Command, help="vérifie tout ce qui est enregistré")
@click.option("--against", type=FILE, metavar="SCEAU", help="un sceau gardé plus tôt")
def _verify(against: Path | None) -> int:
    return verifying.verify(os.environ, against)


@click.command("rotate", cls=Command, help="change la clé de la maison")
def _rotate() -> int:
    return destroying.rotate(os.environ)


@click.command("erase", cls=Command, help="efface un suivi, définitivement")
@click.argument("journey", required=False, metavar="[SUIVI]", help="son code, ou son identifiant")
@click.option("--again", is_flag=True, help="ce qu'une base restaurée rouvre de ce qui fut effacé")
@click.option(
    "--now",
    type=FILE,
    metavar="SAUVEGARDE",
    help="détruit aussitôt les anciennes clés, une fois cette sauvegarde faite et restaurée pour essai",
)
def _erase(*, journey: str | None, again: bool, now: Path | None) -> int:
    if again and journey is not None:
        raise Misunderstood("--again ne va pas avec SUIVI.")
    if again and now is not None:
        raise Misunderstood("--now ne va pas avec --again : indiquez le suivi à effacer.")
    if again:
        return destroying.erase_again(os.environ)
    if journey is None:
        raise Misunderstood("Il manque l'un de : SUIVI, --again.")
    if now is not None:
        return destroying.erase_now(os.environ, journey, now)
    return destroying.erase(os.environ, journey)


COMMANDS = Commands(
    help="Relais, le suivi partagé.",
    context_settings={"help_option_names": ["-h", "--help"]},
    subcommand_metavar="commande …",
    commands=[
        _demo,
        _bootstrap,
        _migrate,
        _found,
        _serve,
        _worker,
        _verify,
        _rotate,
        _erase,
    ],
)


if __name__ == "__main__":
    sys.exit(main())
