"""``make bench``: every promised figure, in one run, as one table."""

import argparse
import shutil
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from eventsourcing.application import Application

from infrastructure.postgres.database import Database
from infrastructure.postgres.embedded.cluster import Embedded, start
from infrastructure.postgres.embedded.configuration import APP, OWNER, SUPERUSER
from infrastructure.postgres.migrating import bootstrap, migrate
from tests.bench import readers
from tests.bench.writers import WRITERS, Bench, Measured, measure, stock_environment
from tests.telling.town import Town, chalon

CLONE = Path(__file__).parent.parent.parent


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--only", choices=("writers", "readers"))
    chosen = parser.parse_args()
    with ExitStack() as opened:
        folder = Path(tempfile.mkdtemp())
        opened.callback(shutil.rmtree, folder, ignore_errors=True)
        cluster = start(CLONE, name="bench")
        opened.callback(cluster.remove)
        bench, town = _town(cluster, folder, opened)
        if chosen.only != "readers":
            _writers(bench)
        if chosen.only != "writers":
            readers.report(town, bench)
    return 0


def _town(cluster: Embedded, folder: Path, opened: ExitStack) -> tuple[Bench, Town]:
    bootstrap(cluster.address(SUPERUSER, "postgres"), "relais")
    migrate(cluster.address(OWNER, "relais"))
    bootstrap(cluster.address(SUPERUSER, "postgres"), "stock")
    database = opened.enter_context(Database(cluster.address(APP, "relais")))
    town = chalon(database, folder)
    readers.open_journeys(town, 8)
    with (
        Database(cluster.address(SUPERUSER, "stock"), largest=1) as stock,
        stock.connection() as connection,
    ):
        connection.execute(
            "CREATE TABLE plain_event (network uuid, originator uuid, version integer, state bytea,"
            " PRIMARY KEY (network, originator, version))"
        )
    bench = Bench(
        cluster=cluster,
        database="relais",
        house=folder / "house",
        network=town.services.network,
        referent=town.referents["cidff.un"],
        bundle=town.bundles["cidff.un"].to_bytes(),
    )
    Application(env={**stock_environment(bench), "CREATE_TABLE": "true"}).close()
    return bench, town


def _writers(bench: Bench) -> None:
    print("| writing | clients | acts/s | median ms | p99 ms | × stock | × raw |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |", flush=True)
    for clients in (1, 8):
        measured: dict[str, Measured] = {}
        for name in WRITERS:
            measured[name] = measure(bench, name, clients)
        for name, one in measured.items():
            print(
                f"| {name} | {clients} | {one.rate:.0f} | {one.median * 1e3:.2f} | {one.late * 1e3:.2f}"
                f" | {one.rate / measured['stock'].rate:.2f} | {one.rate / measured['raw'].rate:.2f} |",
                flush=True,
            )


if __name__ == "__main__":
    sys.exit(main())
