"""How long each page takes, asked of the application itself as a server asks it, and what a process weighs at rest."""

import asyncio
import statistics
import time
from collections.abc import MutableMapping
from io import StringIO
from multiprocessing import get_context
from pathlib import Path
from queue import Queue
from typing import Any
from uuid import UUID

from starlette.types import ASGIApp

from application.referent import reading
from infrastructure.postgres.database import Database
from infrastructure.postgres.embedded.configuration import APP
from relais.composition import Installation
from relais.serving.pages import wire
from tests.bench.bench_town import Bench, open_town
from tests.telling.town import Town
from web.asgi import build
from web.routes import ROUTES
from web.site.request_log import request_logger
from web.site.session import COOKIE

HOST = "relais.test"
READERS = ("cidff.un", "coordination.un")
TIMES = 15
STATUS = Path("/proc/self/status")


def report(town: Town, bench: Bench, journey: UUID, entries: int) -> None:
    """Measure and print a line for each page; ``journey`` holds that many entries.

    Pages of one entry and of one summary are left out.
    """
    app = app_of(town.installation)
    cookies = {login: cookie_of(town, login) for login in READERS}
    reading.state_purpose(town.services, town.who(READERS[0]), journey, "ongoing_work")
    print(f"\n| page (a journey has {entries} entries) | asked by | ms |")
    print("| --- | --- | ---: |")
    with asyncio.Runner() as runner:
        for route in ROUTES:
            path = route.path.replace("{journey}", str(journey))
            if route.method != "GET" or "{" in path:
                continue
            for login, cookie in cookies.items():
                status, taken = runner.run(_median(app, path, cookie))
                if status == 200:
                    print(f"| {route.path} | {login} | {taken * 1e3:.1f} |", flush=True)
                    break
    print(f"\nA process of the pages at rest: {at_rest(bench)} MB")


def at_rest(bench: Bench) -> int:
    """The resident memory, in MB, of a fresh process that wired the pages and answered one request."""
    spawning = get_context("spawn")
    answer = spawning.Queue()
    process = spawning.Process(target=_weigh, args=(bench, answer), daemon=True)
    process.start()
    weight: int = answer.get(timeout=60)
    process.join()
    return weight


def _weigh(bench: Bench, answer: "Queue[int]") -> None:
    with Database(bench.cluster.address(APP, bench.database), largest=2) as database:
        installation, _session = open_town(bench, database)
        app = app_of(installation)
        asyncio.run(ask(app, "/connexion", ""))
        (line,) = [one for one in STATUS.read_text().splitlines() if one.startswith("VmRSS")]
        answer.put(int(line.split()[1]) // 1024)


def app_of(installation: Installation) -> ASGIApp:
    """The application of an installation, as a server has it."""
    log = request_logger(StringIO())
    hosts = frozenset({HOST})
    return build(wire(installation.services, hosts=hosts, ready=lambda: True, log=log))


def cookie_of(town: Town, login: str) -> str:
    """The cookie of a fresh session."""
    return town.installation.entrance.keep(town.log_in(login), town.clock())


async def _median(app: ASGIApp, path: str, cookie: str) -> tuple[int, float]:
    status, taken = 0, []
    for _ in range(TIMES):
        begun = time.perf_counter()
        status = await ask(app, path, cookie)
        taken.append(time.perf_counter() - begun)
        if status != 200:
            break
    return status, statistics.median(taken)


async def ask(app: ASGIApp, path: str, cookie: str) -> int:
    """Ask for a page; return its status once all of it was sent."""
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "https",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [
            (b"host", HOST.encode()),
            (b"cookie", f"{COOKIE}={cookie}".encode()),
            (b"sec-fetch-site", b"same-origin"),
        ],
        "client": ("192.0.2.1", 50_000),
        "server": (HOST, 443),
    }
    await app(scope, receive, send)
    return int(sent[0]["status"])
