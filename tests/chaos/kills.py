"""Kill the pages, the worker and PostgreSQL while eight people write, then compare with their screens.

``python -m tests.chaos.kills`` (``make chaos``): 20 kills of each, at random moments. Every confirmed action must be
stored once, at the place that the screen named, with its ledger entry; a refused one must not be; one without an
answer may be, once. ``relais verify`` must find everything whole.
"""

import argparse
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from uuid import UUID

from application.referent import reading
from domain.journey.entries import Entry
from infrastructure.house.house import HouseSecrets
from infrastructure.postgres.database import Database
from infrastructure.postgres.embedded.configuration import APP, OWNER, SUPERUSER
from infrastructure.postgres.migrating import bootstrap, migrate
from policies.charter import Act
from relais.clock import now
from tests.chaos.network import LEADER, Prepared, prepare
from tests.chaos.processes import CHANCE, Program, Server, free_port
from tests.chaos.writers import Attempt, Outcome, Writer
from tests.clusters import name_of_this_run, remove_abandoned
from tests.databases import CLONE

DATABASE = "relais"
LONGEST = 14 * 60.0
"""Seconds after which no further kill begins."""

EVERY_ENTRY = 10**7


@dataclass
class Campaign:
    """The processes, the writers, and the number of kills so far."""

    server: Server
    web: Program
    worker: Program
    writers: Sequence[Writer]
    killed: Counter[str] = field(default_factory=Counter)

    def run(self, each: int, at_least: int) -> None:
        """Kill each process ``each`` times, in random order; then go on until enough is confirmed."""
        order: list[Program | Server] = [self.web, self.worker, self.server] * each
        CHANCE.shuffle(order)
        end = time.monotonic() + LONGEST
        for number, process in enumerate(order, start=1):
            if time.monotonic() > end:
                break
            self._some_more(5, end)
            time.sleep(CHANCE.uniform(0.0, 1.5))
            name = process.kill()
            self.killed[name] += 1
            time.sleep(CHANCE.uniform(0.0, 0.5))
            process.start()
            print(f"{number}/{len(order)} {name} : {self._confirmed()} confirmées", flush=True)
        self._some_more(max(40, at_least - self._confirmed()), end)

    def _confirmed(self) -> int:
        return sum(writer.confirmed for writer in self.writers)

    def _some_more(self, number: int, end: float) -> None:
        """Wait until that many more actions are confirmed: everybody writes again."""
        wanted = self._confirmed() + number
        while self._confirmed() < wanted and time.monotonic() < end:
            time.sleep(0.02)


@dataclass
class Comparison:
    """The number of stored actions and ledger entries, and each difference from the writers' lists."""

    stored: int = 0
    entries: int = 0
    wrong: list[str] = field(default_factory=list)

    def expect(self, true: bool, otherwise: str) -> None:
        """Note an expectation that does not hold."""
        if not true:
            self.wrong.append(otherwise)


def compare(prepared: Prepared, attempts: Sequence[Attempt]) -> Comparison:
    """Compare the stored actions and ledger entries with the writers' lists, one by one."""
    comparison = Comparison()
    places: dict[str, list[tuple[UUID, int]]] = {}
    written: Counter[tuple[UUID, UUID]] = Counter()
    session = prepared.session_of(LEADER)
    services = prepared.founder.installation.services
    for journey in prepared.journeys:
        entered = reading.read_journey(services, session, journey, "ongoing_work")
        for version, entry in entered.journey.entries.items():
            if isinstance(entry, Entry) and entry.content.kind == "interview":
                places.setdefault(entry.content.text, []).append((journey, version))
                written[entry.author.referent, journey] += 1
    comparison.stored = sum(len(stored) for stored in places.values())
    sent = {attempt.text: attempt for attempt in attempts}
    comparison.expect(set(places) <= set(sent), "an action that nobody sent")
    for text, attempt in sent.items():
        _compare_attempt(comparison, attempt, places.get(text, []))
    recorded = _recorded(prepared)
    comparison.entries = sum(recorded.values())
    comparison.expect(recorded == written, "the ledger names other actions than those stored")
    return comparison


def _compare_attempt(
    comparison: Comparison, attempt: Attempt, places: list[tuple[UUID, int]]
) -> None:
    text = attempt.text
    match attempt.outcome:
        case Outcome.CONFIRMED:
            comparison.expect(places == [(attempt.journey, attempt.version)], f"{text}: {places}")
        case Outcome.REFUSED:
            comparison.expect(not places, f"{text} was refused: {places}")
        case Outcome.UNKNOWN:
            comparison.expect(len(places) <= 1, f"{text} is there twice: {places}")


def _recorded(prepared: Prepared) -> Counter[tuple[UUID, UUID]]:
    """The allowed appends in the ledger, counted by referent and journey, as the coordination reads it."""
    services = prepared.founder.installation.services
    session = prepared.session_of("coordination.un")
    audited = services.ledger.audit(session, services.directory.current(), EVERY_ENTRY)
    counted: Counter[tuple[UUID, UUID]] = Counter()
    for entry in audited:
        access = entry.access
        if access.act != Act.APPEND.value or not access.allowed:
            continue
        if entry.referent and access.subject and access.subject in prepared.journeys:
            counted[entry.referent, access.subject] += 1
    return counted


def main() -> int:
    """Run the campaign; the status is 0 if nothing was lost, doubled or out of step."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--each", type=int, default=20, help="kills of each process")
    parser.add_argument("--appends", type=int, default=1000, help="confirmed actions, at least")
    chosen = parser.parse_args()
    # So that a run that is told to end still removes its server.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    remove_abandoned(CLONE)
    with TemporaryDirectory(prefix="relais-chaos-") as folder:
        server = Server(name_of_this_run("chaos"))
        try:
            return _run(server, Path(folder), chosen.each, chosen.appends)
        finally:
            server.cluster.remove()


def _run(server: Server, folder: Path, each: int, at_least: int) -> int:
    bootstrap(server.cluster.address(SUPERUSER, "postgres"), DATABASE)
    migrate(server.cluster.address(OWNER, DATABASE))
    house = HouseSecrets.create(folder / "house")
    with Database(server.cluster.address(APP, DATABASE)) as database:
        print("fondation", flush=True)
        prepared = prepare(database, house, now, journeys=8)
        campaign, stop = _begun(server, prepared, folder)
        try:
            seconds = _timed(lambda: campaign.run(each, at_least))
        finally:
            stop()
        server.start()
        attempts = [attempt for writer in campaign.writers for attempt in writer.attempts]
        comparison = compare(prepared, attempts)
    verified = _verify(server, folder)
    _report(campaign, attempts, comparison, verified, seconds)
    enough = sum(attempt.outcome is Outcome.CONFIRMED for attempt in attempts) >= at_least
    whole = not comparison.wrong and verified.returncode == 0
    return 0 if whole and enough and sum(campaign.killed.values()) == 3 * each else 1


def _begun(server: Server, prepared: Prepared, folder: Path) -> tuple[Campaign, Callable[[], None]]:
    """Start everything; return the campaign, and a function that ends it."""
    port, stop = free_port(), Event()
    web = Program(["serve", "--port", str(port)], _environment(server, folder), folder / "web.log")
    worker = Program(["worker"], _environment(server, folder), folder / "worker.log")
    writers = [
        Writer(
            login=login,
            passphrase=passphrase,
            address=f"http://127.0.0.1:{port}",
            journeys=prepared.journeys,
            kept=folder / f"{login}.tsv",
            stop=stop,
        )
        for login, passphrase in prepared.writers.items()
    ]
    web.start()
    worker.start()
    threads = [writer.begin() for writer in writers]

    def end() -> None:
        stop.set()
        for thread in threads:
            thread.join()
        web.stop()
        worker.stop()
        for log in (folder / "web.log", folder / "worker.log"):
            _show_errors(log)

    return Campaign(server, web, worker, writers), end


def _show_errors(log: Path) -> None:
    lines = [line for line in log.read_text("utf-8").splitlines() if '"level": "info"' not in line]
    for line, number in Counter(_without_moment(line) for line in lines).most_common(12):
        print(f"{log.stem} ×{number} {line}")


def _without_moment(line: str) -> str:
    return ", ".join(
        part for part in line.split(", ") if "timestamp" not in part and "reference" not in part
    )


def _environment(server: Server, folder: Path) -> dict[str, str]:
    return {
        "RELAIS_DATABASE_URL": server.cluster.address(APP, DATABASE),
        "RELAIS_HOUSE": str(folder / "house"),
    }


def _verify(server: Server, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "relais", "verify"],
        cwd=CLONE,
        env={**os.environ, **_environment(server, folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def _timed(work: Callable[[], None]) -> float:
    begun = time.monotonic()
    work()
    return time.monotonic() - begun


def _report(
    campaign: Campaign,
    attempts: Sequence[Attempt],
    comparison: Comparison,
    verified: subprocess.CompletedProcess[str],
    seconds: float,
) -> None:
    outcomes = Counter(attempt.outcome for attempt in attempts)
    surprises = Counter(surprise for writer in campaign.writers for surprise in writer.surprises)
    print(f"\n{seconds:.0f} s ; tués : {dict(sorted(campaign.killed.items()))}")
    print(f"actions envoyées : {len(attempts)} ; {dict(outcomes)}")
    print(f"connexions : {sum(writer.log_ins for writer in campaign.writers)}")
    print(f"actions enregistrées : {comparison.stored} ; au registre : {comparison.entries}")
    print(f"réponses inattendues : {dict(surprises)}")
    print((verified.stdout + verified.stderr).strip())
    for wrong in comparison.wrong[:20]:
        print(f"FAUX : {wrong}")
    print(
        "rien de perdu, rien en double"
        if not comparison.wrong
        else f"{len(comparison.wrong)} écarts"
    )


if __name__ == "__main__":
    sys.exit(main())
