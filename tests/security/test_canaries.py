"""Attack 30: unique words typed into every field about a person or a journey are nowhere on the machine.

Searched after a clean stop and after a crash: the data directory with its write-ahead log, a dump, PostgreSQL's log,
the program's log with everything that any library would say, what was printed, the temporary and the house's folder.
"""

import gzip
import logging
import os
import signal
import subprocess
import tempfile
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import psycopg
import pytest

from infrastructure.postgres.database import Database
from infrastructure.postgres.embedded.cluster import Embedded, start
from infrastructure.postgres.embedded.configuration import APP, OWNER, SUPERUSER
from infrastructure.postgres.embedded.process import ends
from infrastructure.postgres.migrating import bootstrap, migrate
from relais.serving.pages import wire
from tests.clusters import name_of_this_run
from tests.security.scenario import ARGUMENTS, Lived, Planted, live, typed_fields
from tests.security.searching import forms_of, forms_of_day, fragments_of, names_in, search
from tests.security.walking import HOST, Walker, fields_of_words
from tests.telling.town import chalon
from web.asgi import build
from web.routes import ROUTES
from web.site.login_limits import LoginLimits
from web.site.request_log import request_logger

CLONE = Path(__file__).parents[2]


@pytest.fixture
def own_cluster() -> Iterator[Embedded]:
    """A durable cluster of this test alone: it is stopped, killed and searched."""
    made = start(CLONE, name=name_of_this_run("canaries"))
    try:
        bootstrap(made.address(SUPERUSER, "postgres"), "relais")
        migrate(made.address(OWNER, "relais"))
        yield made
    finally:
        made.remove()


@pytest.fixture
def logs(tmp_path: Path) -> Iterator[Path]:
    """A folder with all that any library logs, down to its least words."""
    folder = tmp_path / "logs"
    folder.mkdir()
    handler = logging.FileHandler(folder / "everything.log")
    # The test's own browser says which address it asks for.
    handler.addFilter(lambda record: not record.name.startswith("http"))
    root, before = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield folder
    root.setLevel(before)
    root.removeHandler(handler)
    handler.close()


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where everything temporary of this test goes."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return folder


def wanted(planted: Planted) -> frozenset[bytes]:
    """Every form of every planted value: the words share a mark."""
    found = forms_of(planted.mark) | fragments_of(planted.mark)
    for value in planted.values.values():
        if isinstance(value, date):
            found |= forms_of_day(value)
    return found


def dump(cluster: Embedded, to: Path) -> None:
    """The database as ``pg_dump`` writes it, in words and compressed."""
    address = cluster.address(SUPERUSER, "relais")
    for form in ("plain", "custom"):
        subprocess.run(
            [cluster.binaries / "pg_dump", f"--format={form}", f"--file={to / form}", address],
            check=True,
        )


def crash(cluster: Embedded) -> None:
    """Kill the server and each of its children, amid whatever they do."""
    process = cluster.process
    assert process is not None
    of_server = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    for one in (process, *map(int, of_server)):
        os.kill(one, signal.SIGKILL)
    assert ends(process, patience=20)


def test_nothing_typed_is_anywhere(
    own_cluster: Embedded,
    logs: Path,
    temporary: Path,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Given unique words in each field that the forms and the domain have, when all was done, refused, printed and
    logged out of, then none is found, neither after a clean stop nor after a crash."""
    places = [own_cluster.home, own_cluster.socket, logs, temporary, tmp_path / "house"]
    dumped = tmp_path / "dumped"
    dumped.mkdir()
    planted = Planted()
    with Database(own_cluster.address(APP, "relais")) as database:
        lived = live(chalon(database, tmp_path), planted)
        _walk(lived, logs)
        dump(own_cluster, dumped)
    forms = wanted(planted)
    own_cluster.stop()
    assert search([*places, dumped], forms) == []

    start(CLONE, name=own_cluster.home.name)
    with Database(own_cluster.address(APP, "relais")) as database:
        again = chalon(database, tmp_path / "again")
        live(again, planted)
        crash(own_cluster)
    forms = wanted(planted)
    assert search([*places, tmp_path / "again"], forms) == []
    assert planted.mark not in names_in([*places, dumped])

    said = capfd.readouterr()
    assert planted.mark not in said.out + said.err
    _everything_was_typed(planted)
    # What its reader was given holds the words, else nothing was searched for.
    assert all(document.startswith(b"%PDF") for document in lived.documents)


def _walk(lived: Lived, logs: Path) -> None:
    with (logs / "requests.log").open("w") as stream:
        web = wire(
            lived.town.services,
            hosts=frozenset({HOST}),
            ready=lambda: True,
            limits=LoginLimits(),
            log=request_logger(stream),
        )
        walker = Walker(build(web), lived.town, lived.planted)
        for login in ("ville.un", "coordination.un", "parquet.un"):
            walker.log_in(login)
            walker.walk(lived.journey, lived.summary)
            if login == "ville.un":
                stored = {name for name, status in walker.answers.items() if status == 303}
                assert {"open_journey", "append", "correct", "person", "reopen"} <= stored, (
                    walker.answers
                )


def _everything_was_typed(planted: Planted) -> None:
    forms = {route.form for route in ROUTES if route.form is not None}
    of_forms = {f"{form.__name__}.{name}" for form in forms for name in fields_of_words(form)}
    of_domain = {name for name, _ in typed_fields()}
    assert len(of_forms) > 10
    assert len(of_domain) > 10
    assert of_forms | of_domain | ARGUMENTS <= set(planted.values)


def _twice_base64(words: str) -> bytes:
    return b64encode(b"x" + words.encode())


@pytest.mark.parametrize(
    "written",
    [
        str.encode,
        lambda words: words.encode("utf-16-le"),
        lambda words: words.encode("utf-16-be"),
        lambda words: words.encode().hex().encode(),
        lambda words: words.encode().hex().upper().encode(),
        lambda words: b64encode(words.encode()),
        _twice_base64,
        lambda words: b64encode(b"xy" + words.encode()),
        lambda words: b64encode(words.encode("utf-16-le")),
        lambda words: "".join(f"\\u{ord(letter):04x}" for letter in words).encode(),
        lambda words: "".join(f"%{ord(letter):02X}" for letter in words).encode(),
        lambda words: b"before" + gzip.compress(words.encode()),
    ],
)
def test_the_search_finds_a_word_however_it_is_written(
    tmp_path: Path, written: Callable[[str], bytes]
) -> None:
    planted = Planted()
    planted.words("one")
    (tmp_path / "file").write_bytes(os.urandom(9_000) + bytes(20_000) + written(planted.mark))
    assert search([tmp_path], wanted(planted))
    assert not search([tmp_path], wanted(Planted()))


def test_the_search_finds_what_is_planted_in_the_database(own_cluster: Embedded) -> None:
    """Given a word stored in clear, and one that PostgreSQL compressed, when the server crashed or stopped, then the
    same search finds each."""
    stored, compressed = Planted(), Planted()
    address = own_cluster.address(SUPERUSER, "relais")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE TABLE planted (words text)")
        connection.execute("INSERT INTO planted VALUES (%s)", [stored.words("clear")])
        long = "la la la " * 2000 + compressed.words("compressed")
        connection.execute("INSERT INTO planted VALUES (%s)", [long])
    crash(own_cluster)
    for planted in (stored, compressed):
        assert search([own_cluster.home], wanted(planted))
    start(CLONE, name=own_cluster.home.name)
    own_cluster.stop()
    for planted in (stored, compressed):
        assert search([own_cluster.data], wanted(planted))
    # The second one is nowhere as a whole: only its fragments tell.
    assert not search([own_cluster.data / "base"], forms_of(compressed.mark))


def test_a_day_is_found_as_it_is_written(tmp_path: Path) -> None:
    day = date(1937, 9, 23)
    for number, words in enumerate(("1937-09-23", "23/09/1937", "23 septembre 1937")):
        place = tmp_path / str(number)
        place.write_text(f"… {words} …")
        assert search([place], forms_of_day(day))
        assert not search([place], forms_of_day(date(1937, 9, 24)))
