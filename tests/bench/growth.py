"""How reading grows: lists of more and more journeys, journeys of more and more entries."""

import asyncio
import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial

from starlette.types import ASGIApp

from application.referent import listing, reading
from relais.serving.server import settle
from tests.bench import pages
from tests.bench.bench_town import LOGIN, Bench, long_journey, open_up_to
from tests.telling.town import Town

LISTS = (100, 400, 1_600)
JOURNEYS = (100, 1_000, 5_000)
WORK_LEFT = "/reste-a-faire"


def print_growth(units: str, columns: Sequence[str], rows: Sequence[tuple[float, ...]]) -> None:
    """Print a table: ``rows`` hold a number of units, then milliseconds, one for each column. Beside each stands what
    one unit costs, against the first row's."""
    heads = (head for column in columns for head in (f"{column}, ms", "each, × the first"))
    print(f"\n| {units} | {' | '.join(heads)} |")
    print(f"| ---: |{' ---: | ---: |' * len(columns)}")
    first = rows[0]
    for number, *taken in rows:
        cells = []
        for column, milliseconds in enumerate(taken, start=1):
            ratio = (milliseconds / number) / (first[column] / first[0])
            cells += [f"{milliseconds:.1f}", f"{ratio:.2f}"]
        print(f"| {number:,.0f} | {' | '.join(cells)} |", flush=True)


def report_lists(town: Town, _bench: Bench) -> None:
    """Measure lists of a referent's journeys: with the keys in the session, first after log-in, and the page of work
    left as it answers a request."""
    services = town.services
    app = pages.app_of(town.installation)
    rows = []
    with asyncio.Runner() as runner:
        for number in LISTS:
            open_up_to(town, number)
            settle()
            sessions = [town.log_in(LOGIN) for _ in range(3)]
            lists = [partial(listing.my_journeys, services, session) for session in sessions]
            first, known = statistics.median(map(milliseconds, lists)), median(lists[-1])
            cookie = pages.cookie_of(town, LOGIN)
            _answered(runner, app, cookie)
            page = median(partial(_answered, runner, app, cookie))
            rows.append((number, known, first, page))
    columns = ("list, keys in the session", "first after log-in", "page of work left")
    print_growth("journeys", columns, rows)


def report_journeys(town: Town, _bench: Bench) -> None:
    """Measure consults of ever longer journeys: with the keys in the session, and first after log-in."""
    services = town.services
    rows = []
    for entries in JOURNEYS:
        journey = long_journey(town, entries)
        settle()
        consults = [
            partial(reading.read_journey, services, town.log_in(LOGIN), journey, "ongoing_work")
            for _ in range(5)
        ]
        first, known = statistics.median(map(milliseconds, consults)), median(consults[-1])
        rows.append((entries, known, first))
    print_growth("entries", ("consult, keys in the session", "first after log-in"), rows)


def _answered(runner: asyncio.Runner, app: ASGIApp, cookie: str) -> None:
    if runner.run(pages.ask(app, WORK_LEFT, cookie)) != 200:
        raise AssertionError(WORK_LEFT)


def milliseconds(act: Callable[[], object]) -> float:
    """How long an act takes."""
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1e3


def median(act: Callable[[], object], times: int = 15) -> float:
    """The median of several times, in milliseconds."""
    return statistics.median(milliseconds(act) for _ in range(times))
