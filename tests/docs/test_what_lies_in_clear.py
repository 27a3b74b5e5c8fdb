"""What a copy of the database shows is the list of ``docs/threat-model.md``, read out of a dump, column by column."""

import base64
import json
import re
import subprocess
import tomllib
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from domain.network.network import Network
from infrastructure.formats.directory_line import read_line
from infrastructure.formats.envelope import NONCE_SIZE, TAG_SIZE, padme
from infrastructure.formats.event import EventCodec
from infrastructure.formats.grant import parse_grant_set
from infrastructure.formats.ledger.checkpoint import parse_note
from infrastructure.formats.ledger.header import parse
from infrastructure.formats.session_certificate import parse_certificate
from infrastructure.house.folder import HouseFolder
from infrastructure.ledger.sequencer import Sequencer
from infrastructure.postgres.database import Connections
from infrastructure.postgres.embedded.configuration import SUPERUSER
from relais.composition import erasing
from tests.databases import FreshDatabase
from tests.docs.pages import ROOT, names, rows, section
from tests.security.scenario import Lived, live
from tests.telling.journeys import open_journey
from tests.telling.town import Town

Row = Mapping[str, str]
Check = Callable[[str, Row, UUID], None]

KINDS = {
    names(cells[0])[0]: cells[1]
    for cells in rows(section("threat-model.md", "What a copy of the database shows"))
}

ORIGIN = "relais/exemple"
_HEAD = 1 + NONCE_SIZE + TAG_SIZE
_WORDS = re.compile(rb"[\x20-\x7e]{32}")
_MOMENT = re.compile(rb"20\d\d-[01]\d-[0-3]\d|[0-2]\d:[0-5]\d:[0-5]\d")
_ESCAPES = {"\\\\": "\\", "\\n": "\n", "\\t": "\t", "\\r": "\r"}
_CODES = [
    code.encode()
    for codes in tomllib.loads((ROOT / "domain" / "catalogue.toml").read_text("utf-8")).values()
    for code in codes
    if len(code) > 5
]


def bytes_of(value: str) -> bytes:
    """A ``bytea`` as a dump writes it."""
    assert value.startswith("\\x"), "not bytes"
    return bytes.fromhex(value[2:])


def holds_no_text(raw: bytes) -> None:
    """Neither words, nor a code of ours, nor a moment."""
    assert not _WORDS.search(raw)
    assert not _MOMENT.search(raw)
    assert not [code for code in _CODES if code in raw]


def _id(value: str, _row: Row, _network: UUID) -> None:
    assert str(UUID(value)) == value


def _counter(value: str, _row: Row, _network: UUID) -> None:
    assert re.fullmatch(r"0|[1-9]\d*", value)


def _bytes(size: int) -> Check:
    def check(value: str, _row: Row, _network: UUID) -> None:
        raw = bytes_of(value)
        assert len(raw) == size
        holds_no_text(raw)

    return check


def _sealed(value: str, _row: Row, _network: UUID) -> None:
    raw = bytes_of(value)
    assert raw[0] in (1, 2, 3)
    holds_no_text(raw)


def _padded(value: str, row: Row, network: UUID) -> None:
    _sealed(value, row, network)
    size = len(bytes_of(value)) - _HEAD
    assert padme(size) == size, "a size of its own"


def _entry(value: str, row: Row, network: UUID) -> None:
    raw = bytes_of(value)
    if row["originator"] == row["network"]:
        _directory_line(raw, row, network)
        return
    assert raw[0] == 1
    holds_no_text(raw)
    body = len(raw) - 1 - 32 - 32 - (_HEAD + 5) - _HEAD
    assert padme(body) == body, "a size of its own"


def _directory_line(raw: bytes, row: Row, network: UUID) -> None:
    line = read_line(network, EventCodec(Network), int(row["version"]), raw)
    at = 1 + (len(line.certificate.to_bytes()) if line.certificate else 0)
    assert json.loads(raw[at:-64])["event"] == type(line.event).__name__
    if line.certificate:
        assert parse_certificate(raw[1:at]) == line.certificate


def _signed(value: str, row: Row, network: UUID) -> None:
    """Signed text in clear is nothing but the fields of its format."""
    if "note" in row:
        origin, size, root = parse_note(value).text.splitlines()
        assert (origin, str(int(size))) == (ORIGIN, size)
        assert len(base64.b64decode(root, validate=True)) == 32
    elif "header" in row:
        assert parse(bytes_of(value)).to_bytes() == bytes_of(value)
    else:
        parse_grant_set(network, bytes_of(value), bytes_of(row["signature"]))


def _absent(_value: str, _row: Row, _network: UUID) -> None:
    raise AssertionError("a session is in the dump")


CHECKS: Mapping[str, Check] = {
    "id": _id,
    "counter": _counter,
    "hash": _bytes(32),
    "public key": _bytes(32),
    "signature": _bytes(64),
    "sealed": _sealed,
    "sealed, padded": _padded,
    "signed clear text": _signed,
    "entry, or signed clear text where the originator is the network": _entry,
    "not in a dump": _absent,
}


def dump(database: FreshDatabase) -> str:
    """What ``pg_dump`` writes of a database, without the rows of UNLOGGED tables."""
    program = database.cluster.binaries / "pg_dump"
    address = database.address(SUPERUSER)
    done = subprocess.run(
        [program, "--no-unlogged-table-data", f"--dbname={address}"],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def copied_rows(dumped: str) -> dict[str, list[Row]]:
    """The rows of each table of the schema, by column; what is NULL is left out."""
    tables: dict[str, list[Row]] = {}
    table, columns = "", [""]
    for line in dumped.splitlines():
        begun = re.fullmatch(r"COPY relais\.(\w+) \((.*)\) FROM stdin;", line)
        if begun:
            table, columns = begun[1], begun[2].replace('"', "").split(", ")
            tables[table] = []
        elif line == "\\.":
            table = ""
        elif table:
            values = dict(zip(columns, line.split("\t"), strict=True))
            tables[table].append(
                {name: _plain(value) for name, value in values.items() if value != "\\N"}
            )
    return tables


def _plain(value: str) -> str:
    return re.sub(r"\\[\\ntr]", lambda match: _ESCAPES[match[0]], value)


@pytest.fixture
def lived(database: FreshDatabase, tmp_path: Path, town: Town) -> Lived:
    """A town that lived through everything, its ledger in order and under a checkpoint."""
    lived = live(town)
    erased = open_journey(town, level="high", danger="menaces")
    folder = HouseFolder(tmp_path / "house")
    network = town.services.network
    erasing(database.app, database.retention, network, folder).erase(erased, town.clock())
    _sequence(database.app, lived)
    return lived


def _sequence(connections: Connections, lived: Lived) -> None:
    town = lived.town
    network = town.services.network
    interval = timedelta(minutes=5)
    sequencer = Sequencer(connections, network, ORIGIN, town.house.signing_key, interval)
    with sequencer.elected(town.clock()) as sequencing:
        assert sequencing is not None
        sequencing.round(town.clock())
        assert sequencing.sign()


def test_the_list_names_every_column_of_the_catalogue(database: FreshDatabase) -> None:
    with database.superuser.connection() as connection:
        found = connection.execute(
            "SELECT table_name || '.' || column_name FROM information_schema.columns"
            " WHERE table_schema = 'relais'"
        ).fetchall()
    assert sorted(KINDS) == sorted(column for (column,) in found)
    assert set(KINDS.values()) == set(CHECKS)


def test_no_column_is_a_time_but_those_of_sessions(database: FreshDatabase) -> None:
    with database.superuser.connection() as connection:
        found = connection.execute(
            "SELECT table_name || '.' || column_name FROM information_schema.columns"
            " WHERE table_schema = 'relais' AND data_type ~ '(time|date|interval)'"
        ).fetchall()
    assert sorted(found) == [("session.begun_at",), ("session.seen_at",)]


def test_session_tables_are_unlogged(database: FreshDatabase) -> None:
    with database.superuser.connection() as connection:
        found = connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'relais'::regnamespace"
            " AND relkind = 'r' AND relpersistence = 'u' ORDER BY relname"
        ).fetchall()
    assert found == [("session",), ("session_keys",)]


def test_each_value_of_a_dump_is_of_the_kind_that_is_documented(
    lived: Lived, database: FreshDatabase
) -> None:
    """Given a town that lived through everything, when its database is dumped, then each value in the dump is of its
    column's documented kind, and what is sealed holds no text, no code and no moment."""
    network = lived.town.services.network
    tables = copied_rows(dump(database))
    assert {table for table, found in tables.items() if found} == {
        column.partition(".")[0] for column, kind in KINDS.items() if kind != "not in a dump"
    }
    for table, found in tables.items():
        for row in found:
            for column, value in row.items():
                CHECKS[KINDS[f"{table}.{column}"]](value, row, network)


def test_a_word_in_a_sealed_column_would_be_seen() -> None:
    for words in (b"a word of more than so many letters", b"\x00accompaniment\x00", b"2026-03-02"):
        with pytest.raises(AssertionError):
            _sealed("\\x01" + words.hex(), {}, UUID(int=1))
    with pytest.raises(AssertionError):
        _padded("\\x01" + bytes(_HEAD + 67).hex(), {}, UUID(int=1))
