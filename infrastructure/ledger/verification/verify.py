"""``relais verify``: recomputes the ledger and what it names from the stored bytes (docs/ledger.md).

It needs the house's public key and no private one, and reads one snapshot of the database as ``relais_app``.
"""

from typing import Any, Final
from uuid import UUID

from psycopg import sql

from domain.network.network import Network
from infrastructure.formats.directory_line import DirectoryRefused, fold, read_line
from infrastructure.formats.event import EventCodec
from infrastructure.formats.ledger.checkpoint import Checkpoint
from infrastructure.ledger.verification.report import KEPT, Findings, MismatchKind, Report, place
from infrastructure.ledger.verification.rows import VerifiedRows
from infrastructure.ledger.verification.tree import Log, VerifiedTree, rows
from infrastructure.postgres.database import Connections

TABLES: Final = (
    "ledger_entry",
    "ledger_body",
    "ledger_leaf",
    "checkpoint",
    "event",
    "grant_set",
    "epoch_grant",
    "card",
    "shred_secret",
    "erased",
    "ledger_key",
    "group_secret",
    "account",
)
"""Every table of a network that lasts. Those of sessions do not: they are outside what is proved. The numbers of the
house keys are no network's."""

_LINES = """
SELECT version, state FROM relais.event
WHERE network = %b AND originator = network ORDER BY version
"""
_UNKNOWN_NETWORKS = sql.SQL("""
SELECT DISTINCT t.network FROM relais.{} AS t
WHERE t.network NOT IN (SELECT e.network FROM relais.event AS e WHERE e.originator = e.network)
ORDER BY t.network
""")


def verify(
    connections: Connections,
    network: UUID,
    origin: str,
    house_public_key: bytes,
    against: str | None = None,
    limit: int = KEPT,
) -> Report:
    """Verify the ledger of a network; with ``against``, the note of an earlier checkpoint, also that it extends it.

    ``origin`` is the ledger's name in its checkpoints. Up to ``limit`` mismatches are kept, in this order: the earlier
    checkpoint's own form; entries and checkpoints by position; rows by originator; the network's rows; the directory.
    """
    findings = Findings(limit)
    log = Log(network, origin, house_public_key)
    with connections.connection() as connection, connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        tree = VerifiedTree(connection, log, _opened(log, against, findings), findings)
        tree.walk()
        beside = VerifiedRows(connection, log, tree.frontier.size, findings)
        beside.walk()
        _directory(connection, network, house_public_key, findings)
        _networks(connection, findings)
    return Report(
        size=tree.frontier.size,
        checkpoint_size=tree.checkpoint_size,
        unsequenced=tree.unsequenced,
        checkpoints=tree.checkpoints,
        rows=beside.matched,
        mismatches=tuple(findings.kept),
        number=findings.number,
    )


def _opened(log: Log, against: str | None, findings: Findings) -> Checkpoint | None:
    if against is None:
        return None
    checkpoint = log.open(against)
    if checkpoint is None:
        findings.add(MismatchKind.EARLIER_REFUSED, "note")
    return checkpoint


def _directory(connection: Any, network: UUID, house_public_key: bytes, findings: Findings) -> None:
    """Fold the directory's lines: each is signed by somebody who may say it, none is missing."""
    codec = EventCodec(Network)
    folded: Network | None = None
    founding = True
    expected = 1
    for version, state in rows(connection, "directory", _LINES, network):
        where = place("event", originator=network, version=expected)
        if version != expected:
            findings.add(MismatchKind.VERSION_MISSING, where)
            return
        try:
            line = read_line(network, codec, version, state)
            folded = fold(folded, line, house_public_key, founding=founding)
        except (DirectoryRefused, LookupError, TypeError, ValueError, AttributeError):
            # Whatever bytes stand there, they are named; and nothing after a refused line can be judged.
            findings.add(MismatchKind.DIRECTORY_REFUSED, where)
            return
        founding = founding and line.said_by is None
        expected += 1


def _networks(connection: Any, findings: Findings) -> None:
    """A row under a network that nobody founded is hidden from every verification."""
    for table in TABLES:
        for (unknown,) in connection.execute(_UNKNOWN_NETWORKS.format(sql.Identifier(table))):
            findings.add(MismatchKind.NETWORK_UNKNOWN, place(table, network=unknown))
