"""The commands that run until they are told to stop: the pages, and the background work."""

import signal
from collections.abc import Mapping
from pathlib import Path

from infrastructure.ledger.watch import LedgerWatch
from relais.clock import now
from relais.environment import opened_network
from relais.front import front_from
from relais.serving.background import BackgroundWork
from relais.serving.pages import built_files
from relais.serving.readiness import make_ready
from relais.serving.server import serve_network


def serve(environment: Mapping[str, str], host: str, port: int) -> int:
    """Serve the pages of the network. If their files are not as built, nothing is opened and nothing served."""
    front = front_from(environment)
    files = built_files()
    with opened_network(environment) as opened:
        make_ready(environment, opened)
        serve_network(opened.database, opened.network, opened.house, now, host, port, front, files)
    return 0


def work(environment: Mapping[str, str], heartbeat: Path | None) -> int:
    """Order the ledger, sign its checkpoints, verify it at start and every night, until told to stop.

    ``heartbeat`` is a file that is touched at each round.
    """
    with opened_network(environment) as opened:
        make_ready(environment, opened)
        watch = LedgerWatch(opened.database, opened.network)
        background = BackgroundWork(
            opened.database, opened.network, opened.house, now, watch, heartbeat=heartbeat
        )
        signal.signal(signal.SIGTERM, background.interrupt)
        background.start(sequencing=True)
        try:
            background.wait()
        finally:
            background.stop()
    return 0
