"""The command line: ``relais demo``, ``serve``, ``worker``, ``bootstrap``, ``migrate``, ``found``, ``verify``,
``rotate`` and ``erase``.

Each answers in one clear French line where it cannot do what was asked.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import psycopg

from infrastructure.house.folder import CopyRefused
from infrastructure.house.house import HouseMissing
from infrastructure.postgres.database import AddressRefused
from infrastructure.postgres.embedded.errors import EmbeddedUnavailable
from infrastructure.postgres.migrating import MigrationRefused
from relais.commands.arguments import Arguments, port
from relais.commands.commands import bootstrap, found, migrate, serve, verify, work
from relais.commands.destroying import erase, erase_again, erase_now, rotate
from relais.demonstration.run import demonstrate
from relais.front import FrontRefused
from relais.opening import COPY, CannotRun
from relais.paths import CLONE
from web.drawing.served_files import ServedFilesError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the status is 0 where it did what was asked."""
    chosen = _parser().parse_args(arguments)
    try:
        status: int = chosen.command(chosen)
    except (
        AddressRefused,
        CannotRun,
        EmbeddedUnavailable,
        FrontRefused,
        MigrationRefused,
        ServedFilesError,
    ) as refused:
        print(refused, file=sys.stderr)
        return 1
    except HouseMissing as missing:
        print(f"Le dossier de la maison manque, ou n'est pas entier : {missing}.", file=sys.stderr)
        return 1
    except CopyRefused as refused:
        print(
            f"Le dossier de la copie ({COPY}) n'est pas là, ou n'est pas de cette maison : {refused}.",
            file=sys.stderr,
        )
        return 1
    except psycopg.OperationalError:
        # Its own words may name the server and the role.
        print("La base de données ne répond pas, ou refuse ce rôle.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return status


def _erase(chosen: argparse.Namespace) -> int:
    if chosen.again and chosen.now is not None:
        raise CannotRun("--now ne va pas avec --again : indiquez le suivi à effacer.")
    if chosen.again:
        return erase_again(os.environ)
    if chosen.now is not None:
        return erase_now(os.environ, chosen.journey, chosen.now)
    return erase(os.environ, chosen.journey)


def _parser() -> Arguments:
    parser = Arguments(prog="relais", description="Relais, le suivi partagé.")
    commands = parser.add_subparsers(required=True, metavar="commande", title="commandes")

    demo = commands.add_parser("demo", help="lance la démonstration")
    demo.add_argument("--port", type=port, default=8000, help="port local (8000)")
    demo.add_argument("--data-only", action="store_true", help="prépare les données sans servir")
    demo.set_defaults(
        command=lambda chosen: demonstrate(CLONE, chosen.port, data_only=chosen.data_only)
    )

    one = commands.add_parser("bootstrap", help="crée les rôles et la base sur un serveur à soi")
    one.set_defaults(command=lambda _: bootstrap(os.environ))

    one = commands.add_parser("migrate", help="met la base de données à jour")
    one.set_defaults(command=lambda _: migrate(os.environ))

    one = commands.add_parser("found", help="fonde un réseau décrit dans un fichier")
    one.add_argument("file", type=Path, metavar="FICHIER", help="description du réseau, en TOML")
    one.set_defaults(command=lambda chosen: found(os.environ, chosen.file))

    one = commands.add_parser("serve", help="sert les pages")
    one.add_argument(
        "--host", default="127.0.0.1", metavar="ADRESSE", help="où écouter (127.0.0.1)"
    )
    one.add_argument("--port", type=port, default=8000, metavar="PORT", help="port (8000)")
    one.set_defaults(command=lambda chosen: serve(os.environ, chosen.host, chosen.port))

    one = commands.add_parser("worker", help="ordonne le registre et signe ses sceaux")
    one.add_argument("--heartbeat", type=Path, metavar="FICHIER", help="touché à chaque tour")
    one.set_defaults(command=lambda chosen: work(os.environ, chosen.heartbeat))

    one = commands.add_parser("verify", help="vérifie tout ce qui est enregistré")
    one.add_argument("--against", type=Path, metavar="SCEAU", help="un sceau gardé plus tôt")
    one.set_defaults(command=lambda chosen: verify(os.environ, chosen.against))

    one = commands.add_parser("rotate", help="change la clé de la maison")
    one.set_defaults(command=lambda _: rotate(os.environ))

    one = commands.add_parser("erase", help="efface un suivi, définitivement")
    what = one.add_mutually_exclusive_group(required=True)
    what.add_argument("journey", nargs="?", metavar="SUIVI", help="son code, ou son identifiant")
    what.add_argument(
        "--again", action="store_true", help="ce qu'une base restaurée rouvre de ce qui fut effacé"
    )
    one.add_argument(
        "--now",
        type=Path,
        metavar="SAUVEGARDE",
        help="détruit aussitôt les anciennes clés, une fois cette sauvegarde faite et restaurée pour essai",
    )
    one.set_defaults(command=_erase)
    return parser


if __name__ == "__main__":
    sys.exit(main())
