"""``make bench``: every promised figure, in one run, as tables; or some parts of it.

``make bench OPTIONS="lists verification"`` measures these two alone.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path

from infrastructure.postgres.database import Database
from infrastructure.postgres.embedded.cluster import Embedded, start
from infrastructure.postgres.embedded.configuration import APP, OWNER, SUPERUSER
from infrastructure.postgres.migrating import bootstrap, migrate
from tests.bench import growth, ledger_growth, readers, writers
from tests.bench.bench_town import Bench
from tests.telling.town import Town, chalon

CLONE = Path(__file__).parent.parent.parent

PARTS: Mapping[str, Callable[[Town, Bench], None]] = {
    "writing": writers.report,
    "decisions": readers.report,
    "pages": readers.report_pages,
    "journeys": growth.report_journeys,
    "lists": growth.report_lists,
    "verification": ledger_growth.report,
}
"""In this order: half a million ledger entries come last, for they would slow what reads the ledger."""


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument(
        "parts", nargs="*", metavar="part", help=f"{', '.join(PARTS)}; all of them without any"
    )
    chosen = parser.parse_args().parts
    if unknown := set(chosen) - PARTS.keys():
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    with ExitStack() as opened:
        folder = Path(tempfile.mkdtemp())
        opened.callback(shutil.rmtree, folder, ignore_errors=True)
        cluster = start(CLONE, name="bench")
        opened.callback(cluster.remove)
        bench, town = _town(cluster, folder, opened)
        for name, report in PARTS.items():
            if name in chosen or not chosen:
                report(town, bench)
    return 0


def _town(cluster: Embedded, folder: Path, opened: ExitStack) -> tuple[Bench, Town]:
    bootstrap(cluster.address(SUPERUSER, "postgres"), "relais")
    migrate(cluster.address(OWNER, "relais"))
    database = opened.enter_context(Database(cluster.address(APP, "relais")))
    town = chalon(database, folder)
    bench = Bench(
        cluster=cluster,
        database="relais",
        house=folder / "house",
        network=town.services.network,
        referent=town.referents["cidff.un"],
        bundle=town.bundles["cidff.un"].to_bytes(),
    )
    return bench, town


if __name__ == "__main__":
    sys.exit(main())
