"""Verifying the rows stored beside the ledger: each row is named by one entry, and each named row is there.

Rows of a journey or summary are named by entries about it (``subject``); all are read in the order of their originator,
so that only one originator's digests are in memory at a time. The network's own rows come last.
"""

import heapq
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from infrastructure.formats.ledger import row_digests
from infrastructure.formats.ledger.header import MalformedHeader, RowDigest, parse
from infrastructure.ledger.verification.originator import (
    TABLE_OF,
    Named,
    VerifiedOriginator,
    digest_of,
)
from infrastructure.ledger.verification.report import Findings, MismatchKind, place
from infrastructure.ledger.verification.tree import Log, rows

# The subject stands at bytes 41 to 56 of a header (docs/formats/ledger-header.md).
_HEADERS = """
SELECT substring(e.header FROM 41 FOR 16) AS subject, l.position, e.id, e.header
FROM relais.ledger_entry AS e LEFT JOIN relais.ledger_leaf AS l ON l.entry = e.id
WHERE e.network = %b ORDER BY subject, l.position NULLS LAST, e.id
"""
_SETS = """
SELECT originator, epoch, ordinal, payload, signature FROM relais.grant_set
WHERE network = %b ORDER BY originator, epoch, ordinal
"""
_GRANTS = """
SELECT originator, epoch, holder, generation, envelope FROM relais.epoch_grant
WHERE network = %b ORDER BY originator, epoch, holder, generation
"""
_EVENTS = """
SELECT originator, version, state FROM relais.event
WHERE network = %b AND originator <> network ORDER BY originator, version
"""
_CARD_ROWS = """
SELECT originator, face, version, epoch, envelope FROM relais.card
WHERE network = %b ORDER BY originator, face
"""
_SECRETS = "SELECT originator FROM relais.shred_secret WHERE network = %b ORDER BY originator"
_ERASED = "SELECT originator FROM relais.erased WHERE network = %b ORDER BY originator"
_LINES = """
SELECT version, state FROM relais.event
WHERE network = %b AND originator = network ORDER BY version
"""
_LEDGER_KEYS = """
SELECT session_key, holder, generation, envelope FROM relais.ledger_key
WHERE network = %b ORDER BY session_key, holder, generation
"""
_GROUP_SECRETS = """
SELECT holder, generation, member, member_generation, envelope FROM relais.group_secret
WHERE network = %b ORDER BY holder, generation, member, member_generation
"""
_ACCOUNTS = "SELECT referent, bundle FROM relais.account WHERE network = %b ORDER BY referent"


class VerifiedRows:
    """One walk over every row that entries name. ``matched`` counts the rows that matched."""

    def __init__(self, connection: Any, log: Log, size: int, findings: Findings) -> None:
        self._connection = connection
        self._network = log.network
        self._house = log.house_public_key
        self._size = size
        self._findings = findings
        self._of_network: dict[RowDigest, Named] = {}
        self.matched = 0

    def walk(self) -> None:
        """Verify every originator's rows, then the network's."""
        streams = (
            self._headers(),
            self._numbered(1, "sets", _SETS),
            self._numbered(2, "grants", _GRANTS),
            self._numbered(3, "events", _EVENTS),
            self._numbered(4, "cards", _CARD_ROWS),
            self._numbered(5, "secrets", _SECRETS),
            self._numbered(6, "erased", _ERASED),
        )
        merged = heapq.merge(*streams, key=itemgetter(0, 1))
        for originator, group in groupby(merged, key=itemgetter(0)):
            identifier = UUID(bytes=originator)
            verified = VerifiedOriginator(self._network, identifier, self._house, self._findings)
            verified.take(group)
            verified.finish()
            self.matched += verified.matched
            self._keep(verified.of_network)
        self._walk_network()

    def _headers(self) -> Iterator[tuple[bytes, int, Any]]:
        for subject, position, entry, data in rows(
            self._connection, "headers", _HEADERS, self._network
        ):
            try:
                header = parse(data)
            except MalformedHeader:
                # The walk over the tree named it.
                continue
            rank = (self._size if position is None else position, entry)
            yield subject, 0, (header, Named(rank, place("ledger_entry", id=entry)))

    def _numbered(self, number: int, name: str, statement: str) -> Iterator[tuple[bytes, int, Any]]:
        for originator, *row in rows(self._connection, name, statement, self._network):
            yield originator.bytes, number, row

    def _keep(self, named: Iterable[tuple[RowDigest, Named]]) -> None:
        for digest, by in named:
            first = self._of_network.setdefault(digest, by)
            if first is not by:
                self._findings.add(MismatchKind.ROW_NAMED_TWICE, max(first, by).entry)

    # -- the network's own rows -----------------------------------------------------------------

    def _walk_network(self) -> None:
        network = self._network
        last = (0, 0)
        for version, state in rows(self._connection, "lines", _LINES, network):
            where = place("event", originator=network, version=version)
            named = self._match(
                where, digest_of(row_digests.event, network, network, version, state)
            )
            if named is not None:
                if named.rank < last:
                    self._findings.add(MismatchKind.ORDER_CHANGED, where)
                last = named.rank
        for row in rows(self._connection, "ledger_keys", _LEDGER_KEYS, network):
            key = dict(zip(("session_key", "holder", "generation"), row, strict=False))
            self._match(
                place("ledger_key", **key), digest_of(row_digests.ledger_key, network, *row)
            )
        for row in rows(self._connection, "group_secrets", _GROUP_SECRETS, network):
            key = dict(
                zip(("holder", "generation", "member", "member_generation"), row, strict=False)
            )
            self._match(
                place("group_secret", **key), digest_of(row_digests.group_secret, network, *row)
            )
        for referent, bundle in rows(self._connection, "accounts", _ACCOUNTS, network):
            where = place("account", referent=referent)
            self._match(where, digest_of(row_digests.bundle, network, referent, bundle))
        for digest, named in self._of_network.items():
            where = f"{place(TABLE_OF[digest.kind])}, {named.entry}"
            self._findings.add(MismatchKind.ROW_MISSING, where)

    def _match(self, where: str, digest: RowDigest | None) -> Named | None:
        named = None if digest is None else self._of_network.pop(digest, None)
        if named is None:
            self._findings.add(MismatchKind.ROW_UNNAMED, where)
        else:
            self.matched += 1
        return named
