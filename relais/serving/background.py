"""Background work: ordering the ledger, signing its checkpoints, verifying it, sweeping ended sessions."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from uuid import UUID

import psycopg
from structlog.typing import FilteringBoundLogger

from domain.territory import day_of
from infrastructure.entrance.session_store import SessionStore
from infrastructure.house.house import HouseSecrets
from infrastructure.ledger.sequencer import LedgerOutOfStep, Sequencer
from infrastructure.ledger.verification.verify import verify
from infrastructure.ledger.watch import LedgerWatch
from infrastructure.postgres.database import Connections
from web.site.request_log import request_logger, where

CHECKPOINT_INTERVAL = timedelta(minutes=5)
PAUSE = timedelta(seconds=1)
REST = timedelta(minutes=1)
"""The pause between two rounds of verifying and sweeping, and before a ledger out of step is tried again."""
VERIFIED_AT_HOUR = 2
"""The hour of the territory at which the ledger is verified each night; it is verified at start too."""


def origin_of(network: UUID) -> str:
    """The ledger's name in its checkpoints."""
    return f"relais/{network}"


@dataclass
class BackgroundWork:
    """Threads beside the pages, or in a process of their own. Several may run: one has the sequencer's lock.

    ``heartbeat`` is a file that is touched at each round of the sequencer, for a health check of the process.
    """

    connections: Connections
    network: UUID
    house: HouseSecrets
    clock: Callable[[], datetime]
    watch: LedgerWatch
    interval: timedelta = CHECKPOINT_INTERVAL
    heartbeat: Path | None = None
    rest: timedelta = REST
    log: FilteringBoundLogger = field(default_factory=request_logger)
    _stop: Event = field(default_factory=Event)
    _threads: list[Thread] = field(default_factory=list)

    def start(self, *, sequencing: bool) -> None:
        """Begin verifying and sweeping; with ``sequencing``, ordering the ledger too."""
        work = [self._verify_nightly] + ([self._sequence] if sequencing else [])
        for task in work:
            thread = Thread(target=self._logged, args=(task,), daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """End the threads, and wait for them."""
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=10)

    def wait(self) -> None:
        """Wait until told to stop."""
        self._stop.wait()

    def interrupt(self, *_: object) -> None:
        """Stop; a signal handler."""
        self._stop.set()

    def _logged(self, task: Callable[[], None]) -> None:
        """Run a task; an error that ends it is in the log, by its name alone."""
        try:
            task()
        except Exception as error:
            # The allow-list leaves out the trace, which may quote what was read.
            self.log.exception("work_ended", error=type(error).__name__, where=where(error))

    def _beat(self) -> datetime:
        if self.heartbeat is not None:
            self.heartbeat.touch()
        return self.clock()

    def _sequence(self) -> None:
        sequencer = Sequencer(
            self.connections,
            self.network,
            origin_of(self.network),
            self.house.signing_key,
            self.interval,
        )
        while not self._stop.is_set():
            try:
                sequencer.run(self._stop, self._beat, PAUSE, lambda: self.watch.problem is None)
            except LedgerOutOfStep:
                # The stored entries differ from what was signed: log where, and sign nothing until they agree.
                try:
                    self._verify(self.clock())
                except psycopg.Error as error:
                    self.log.warning(
                        "verification_put_off", error=type(error).__name__, where=where(error)
                    )
                self._stop.wait(self.rest.total_seconds())

    def _verify_nightly(self) -> None:
        sessions = SessionStore(self.connections, self.network)
        verified_for: date | None = None
        while not self._stop.is_set():
            now = self.clock()
            night = day_of(now - timedelta(hours=VERIFIED_AT_HOUR))
            # The database may be away for a while; the next round tries again.
            with suppress(psycopg.OperationalError, psycopg.InterfaceError):
                if night != verified_for:
                    self._verify(now)
                    verified_for = night
                sessions.sweep(now)
                self.house.read_again()
            self._stop.wait(self.rest.total_seconds())

    def _verify(self, now: datetime) -> None:
        report = verify(
            self.connections, self.network, origin_of(self.network), self.house.public_key
        )
        self.watch.verified(report, now)
        if report.sound:
            self.log.info("ledger_verified")
        else:
            self.log.error("ledger_mismatch", error=report.mismatches[0].what)
