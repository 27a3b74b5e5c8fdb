"""Erasure: the keys that open one journey or summary are destroyed; its ciphertext and its ledger entries stay.

The id is in the house's list before the erasure commits, so that a database put back from an older backup is erased
again before it serves (docs/decisions/0018-erasure.md).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import psycopg

from domain.access import Access, LedgerAct
from domain.storing import StoreUnavailable
from infrastructure.directory.auditors import seal_to_auditors
from infrastructure.directory.directory import Directory
from infrastructure.formats.ledger import row_digests
from infrastructure.formats.ledger.entry import LedgerAuthor, LedgerRow, write_entry
from infrastructure.formats.ledger.header import MAXIMUM_ROWS, RowDigest
from infrastructure.formats.ledger_key import LedgerKeyRow
from infrastructure.house.folder import HouseFolder
from infrastructure.house.house import HouseSecrets
from infrastructure.postgres.database import Connections

_TRIES: Final = 8

_GRANTS = """
SELECT epoch, holder, generation, sha256(envelope) FROM relais.epoch_grant
WHERE network = %b AND originator = %b AND envelope IS NOT NULL
"""
_OPENS = """
SELECT t.network, t.originator FROM unnest(%b::uuid[], %b::uuid[]) AS t (network, originator)
WHERE EXISTS (SELECT FROM relais.shred_secret AS s
              WHERE s.network = t.network AND s.originator = t.originator)
   OR EXISTS (SELECT FROM relais.epoch_grant AS g
              WHERE g.network = t.network AND g.originator = t.originator)
   OR EXISTS (SELECT FROM relais.card AS c
              WHERE c.network = t.network AND c.originator = t.originator)
"""
_ERASED = "SELECT originator FROM relais.erased WHERE network = %b"
_SEALED_FOR = """
SELECT holder, generation FROM relais.ledger_key WHERE network = %b AND session_key = %b
"""
_ERASE = """
SELECT relais.erase(%b, %b, %b::bytea[], %b::uuid[], %b::integer[], %b::bytea[],
                    %b::bytea[], %b, %b::bytea[], %b::uuid[], %b::integer[], %b::bytea[])
"""


class Unknown(Exception):
    """No journey and no summary has that id here."""


class Erasure:
    """Erases journeys and summaries of one network.

    ``reading`` connects as ``relais_app``, ``changing`` as ``relais_retention``.
    """

    def __init__(
        self,
        reading: Connections,
        changing: Connections,
        network: UUID,
        house: HouseSecrets,
        folder: HouseFolder,
        directory: Directory,
    ) -> None:
        self._reading = reading
        self._changing = changing
        self._network = network
        self._house = house
        self._folder = folder
        self._directory = directory

    def erase(self, originator: UUID, at: datetime) -> bool:
        """Erase a journey or a summary; false if it was erased before.

        Once this returns, no copy made from now on opens it; older copies do as long as the house keys that they name
        are kept. Raises ``Unknown``, ``CopyRefused``, ``StoreUnavailable``.
        """
        with self._folder.alone():
            self._folder.save()
            if not self._is_known(originator):
                raise Unknown
            return self._erase(originator, at)

    def again(self, at: datetime) -> list[UUID]:
        """Erase again each journey and summary that the house's list names and a restored database opens.

        Erasures that the database knows and the list does not are added to the list.
        """
        with self._folder.alone():
            self._folder.save()
            found = [
                originator for network, originator in self.outstanding() if network == self._network
            ]
            for originator in found:
                self._erase(originator, at)
            for originator in self._erased():
                self._folder.note_erased(self._network, originator)
        return found

    def outstanding(self) -> list[tuple[UUID, UUID]]:
        """The journeys and summaries that the house's list names and the database still opens, with their networks."""
        return outstanding(self._reading, self._folder)

    # -- one erasure ----------------------------------------------------------------------------

    def _erase(self, originator: UUID, at: datetime) -> bool:
        for _ in range(_TRIES):
            answer = self._try(originator, at)
            if answer >= 0:
                return answer == 1
        raise StoreUnavailable

    def _try(self, originator: UUID, at: datetime) -> int:
        grants = self._ask(_GRANTS, originator)
        keys = self._missing_ledger_keys()
        entries = self._entries(originator, grants, keys, at)
        arguments = (
            self._network,
            originator,
            *_columns(grants, 4),
            [entry.header for entry in entries],
            self._house.public_key,
            [entry.body for entry in entries],
            *_columns([(key.holder, key.generation, key.envelope) for key in keys], 3),
        )
        with self._changing.connection() as connection:
            try:
                with connection.transaction():
                    answer = int(connection.execute(_ERASE, arguments).fetchone()[0])
                    if answer >= 0:
                        # Before it commits: an erasure that the list does not know could be undone by a backup.
                        self._folder.note_erased(self._network, originator)
            except psycopg.errors.UniqueViolation:
                # Another erasure sealed the house's ledger key at the same time.
                return -1
        return answer

    def _entries(
        self, originator: UUID, grants: Sequence[Any], keys: Sequence[LedgerKeyRow], at: datetime
    ) -> list[LedgerRow]:
        """The house's ledger entries that name each row that goes: as many as the length of a header asks for."""
        rows: list[RowDigest] = [
            row_digests.shred_secret(self._network, originator, destroyed=True),
            *(key.digest(self._network) for key in keys),
            *(
                row_digests.grant(self._network, originator, *grant, destroyed=True)
                for grant in grants
            ),
        ]
        author = LedgerAuthor.of_house(
            self._network, self._house.signing_key, self._house.ledger_key
        )
        access = Access(LedgerAct.ERASE, at, subject=originator)
        return [
            write_entry(author, access, rows[start : start + MAXIMUM_ROWS], None)
            for start in range(0, len(rows), MAXIMUM_ROWS)
        ]

    def _missing_ledger_keys(self) -> list[LedgerKeyRow]:
        """The house's ledger key, sealed to the auditors who do not have it yet."""
        session_key = self._house.public_key
        sealed = seal_to_auditors(self._directory.current(), session_key, self._house.ledger_key)
        known = set(self._ask(_SEALED_FOR, session_key))
        return [row for row in sealed if (row.holder, row.generation) not in known]

    # -- asking ---------------------------------------------------------------------------------

    def _is_known(self, originator: UUID) -> bool:
        place = ([self._network], [originator])
        with self._reading.connection() as connection:
            opens = connection.execute(_OPENS, place).fetchone() is not None
        return opens or originator in self._erased()

    def _erased(self) -> list[UUID]:
        return [originator for (originator,) in self._ask(_ERASED)]

    def _ask(self, statement: str, *arguments: object) -> list[Any]:
        with self._reading.connection() as connection:
            rows: list[Any] = connection.execute(statement, (self._network, *arguments)).fetchall()
        return rows


def outstanding(reading: Connections, folder: HouseFolder) -> list[tuple[UUID, UUID]]:
    """The journeys and summaries that the house's list names and the database still opens, with their networks.

    Raises ``HouseMissing``.
    """
    listed = folder.erased()
    if not listed:
        return []
    networks, originators = (list(column) for column in zip(*listed, strict=True))
    with reading.connection() as connection:
        return [tuple(row) for row in connection.execute(_OPENS, (networks, originators))]


def _columns(rows: Sequence[Sequence[Any]], width: int) -> list[list[Any]]:
    return [[row[place] for row in rows] for place in range(width)]
