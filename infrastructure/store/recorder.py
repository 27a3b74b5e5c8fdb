"""The recorder: one function call stores an act whole, and its ledger entry with it.

It takes the place of ``eventsourcing``'s PostgreSQL recorder (docs/decisions/0001-recorder.md).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg

from domain.storing import DirectoryMoved, StoreUnavailable, VersionMoved
from infrastructure.formats.card import CardRow
from infrastructure.formats.envelope import Tampered
from infrastructure.formats.grant import GrantRow, GrantSet, parse_grant_set
from infrastructure.formats.ledger.entry import LedgerRow
from infrastructure.formats.shred_secret import WrappedSecret
from infrastructure.postgres.database import Connections, Unreachable
from infrastructure.postgres.prepared import Kind, Statement


@dataclass(frozen=True, slots=True)
class Recording:
    """One act, ready to be stored. ``expected`` is the version before it, ``counter`` the directory's; either is
    ``None`` if the act does not depend on it."""

    network: UUID
    originator: UUID
    ledger: LedgerRow
    expected: int | None = None
    counter: int | None = None
    states: Sequence[bytes] = ()
    sets: Sequence[GrantSet] = ()
    grants: Sequence[GrantRow] = ()
    destroyed: Sequence[tuple[bytes, UUID]] = ()
    cards: Sequence[CardRow] = ()
    shred: WrappedSecret | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """The rows of an originator that a session was given, still sealed."""

    counter: int
    states: Sequence[bytes]
    sets: Sequence[GrantSet] = ()
    grants: Sequence[GrantRow] = ()
    destroyed: frozenset[tuple[bytes, UUID]] = frozenset()
    cards: dict[int, CardRow] = field(default_factory=dict)
    shred: WrappedSecret | None = None


ExtraRows = Callable[[Any], None]
"""Stores further rows in the transaction of an act, with the connection it is given."""

_RECORD = Statement(
    b"record",
    b"SELECT relais.record($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,"
    b" $21, $22, $23, $24, $25, $26)",
    (
        *(Kind.UUID, Kind.UUID, Kind.INTEGER, Kind.INTEGER, Kind.BYTES_LIST),
        *(Kind.BYTES_LIST, Kind.INTEGERS, Kind.BYTES_LIST, Kind.BYTES_LIST),
        *(Kind.BYTES_LIST, Kind.UUIDS, Kind.INTEGERS, Kind.BYTES_LIST),
        *(Kind.BYTES_LIST, Kind.UUIDS),
        *(Kind.SMALLINTS, Kind.BYTES_LIST, Kind.BYTES_LIST),
        *(Kind.INTEGER, Kind.BYTES),
        *(Kind.BYTES, Kind.UUID, Kind.BYTES, Kind.BYTES, Kind.BYTES, Kind.BYTES),
    ),
)
# To a session without any grant, a journey that exists and one that does not cost and answer the same.
_ENTRIES = Statement(
    b"entries",
    b"SELECT state FROM relais.event WHERE network = $1 AND originator = $2 AND EXISTS ("
    b" SELECT FROM relais.epoch_grant WHERE network = $1 AND originator = $2 AND holder = ANY ($3))"
    b" ORDER BY version",
    (Kind.UUID, Kind.UUID, Kind.UUIDS),
)
_LOAD = Statement(
    b"load",
    b"SELECT * FROM relais.load($1, $2, $3, $4)",
    (Kind.UUID, Kind.UUID, Kind.UUIDS, Kind.BYTES_LIST),
)
_OTHER_WAS_FIRST = (
    # Two consults of one version passed the same key on.
    psycopg.errors.UniqueViolation,
    # The house key under which a secret was wrapped is no longer the house's.
    psycopg.errors.ForeignKeyViolation,
    # The journey was erased meanwhile.
    psycopg.errors.IntegrityConstraintViolation,
)


class Recorder:
    """Stores sealed rows and gives them back; it holds no key."""

    def __init__(self, connections: Connections, network: UUID) -> None:
        self._connections = connections
        self._network = network

    def insert(self, recording: Recording, extra: ExtraRows | None = None) -> int:
        """Store one act and its ledger entry, durably. Returns the entry's number, 0 if it was stored already.

        An answer that got lost is asked for again, and never stored twice. Raises ``VersionMoved``, ``DirectoryMoved``,
        ``StoreUnavailable``.
        """
        try:
            return self._record_once(recording, extra)
        except Unreachable as error:
            # Nothing was sent, and the caller has waited: nothing is to be asked again.
            raise StoreUnavailable from error
        except (psycopg.OperationalError, psycopg.InterfaceError):
            pass
        try:
            return self._record_once(recording, extra)
        except DirectoryMoved:
            # The answer that was lost may have been a yes: then the directory moved after it, not before.
            if self._is_stored(recording):
                return 0
            raise
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            raise StoreUnavailable from error

    def _is_stored(self, recording: Recording) -> bool:
        statement = (
            "SELECT EXISTS (SELECT FROM relais.ledger_entry WHERE sha256(header) = sha256(%b))"
        )
        try:
            with self._connections.connection() as connection:
                stored: bool = connection.execute(statement, (recording.ledger.header,)).fetchone()[
                    0
                ]
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            raise StoreUnavailable from error
        return stored

    def _record_once(self, recording: Recording, extra: ExtraRows | None) -> int:
        try:
            answer = self._call(recording, extra)
        except _OTHER_WAS_FIRST as error:
            raise VersionMoved from error
        if answer == -1:
            raise VersionMoved
        if answer == -2:
            raise DirectoryMoved
        return answer

    def _call(self, recording: Recording, extra: ExtraRows | None) -> int:
        answer: int
        with self._connections.connection() as connection:
            if extra is None:
                answer = connection.ask_number(_RECORD, *_arguments(recording))
                return answer
            with connection.transaction():
                answer = connection.ask_number(_RECORD, *_arguments(recording))
                if answer > 0:
                    extra(connection)
        return answer

    def load(self, originator: UUID, holders: Sequence[UUID], known: Sequence[bytes]) -> Stored:
        """Read what a session with these holders may be given of an originator: all but the grants of epochs that it
        knows already.

        A session without any grant there gets the same empty answer as for an originator that does not exist.
        """
        place = (self._network, originator, holders)
        try:
            with self._connections.connection() as connection:
                # The entries first: rows read after them are never older, so each entry's grants are there.
                entries = connection.ask(_ENTRIES, *place)
                (row,) = connection.ask(_LOAD, *place, known)
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            raise StoreUnavailable from error
        return _stored(self._network, [state for (state,) in entries], row)


def _arguments(recording: Recording) -> tuple[Any, ...]:
    ledger, shred = recording.ledger, recording.shred
    return (
        recording.network,
        recording.originator,
        recording.expected,
        recording.counter,
        recording.states or None,
        *_set_columns(recording.sets),
        *_grant_columns(recording.grants),
        [epoch for epoch, _ in recording.destroyed] or None,
        [holder for _, holder in recording.destroyed] or None,
        *_card_columns(recording.cards),
        shred.house_key if shred else None,
        shred.envelope if shred else None,
        ledger.header,
        ledger.subject,
        ledger.session_key,
        ledger.body,
        ledger.trace_epoch,
        ledger.trace,
    )


def _set_columns(sets: Sequence[GrantSet]) -> tuple[list[Any] | None, ...]:
    if not sets:
        return (None,) * 4
    return (
        [each.epoch for each in sets],
        [each.ordinal for each in sets],
        [each.payload for each in sets],
        [each.signature for each in sets],
    )


def _grant_columns(grants: Sequence[GrantRow]) -> tuple[list[Any] | None, ...]:
    if not grants:
        return (None,) * 4
    return (
        [each.epoch for each in grants],
        [each.holder for each in grants],
        [each.generation for each in grants],
        [each.envelope for each in grants],
    )


def _card_columns(cards: Sequence[CardRow]) -> tuple[list[Any] | None, ...]:
    if not cards:
        return (None,) * 3
    return (
        [each.face for each in cards],
        [each.epoch for each in cards],
        [each.envelope for each in cards],
    )


def _stored(network: UUID, states: Sequence[bytes], row: Sequence[Any]) -> Stored:
    counter, payloads, signatures, grant_epochs, grant_holders, generations = row[:6]
    (envelopes, gone_epochs, gone_holders, faces, versions, card_epochs, card_envelopes) = row[6:13]
    shred_key, shred = row[13:]
    sets = [
        parse_grant_set(network, payload, signature)
        for payload, signature in zip(payloads or (), signatures or (), strict=True)
    ]
    if len({(given.epoch, given.ordinal) for given in sets}) != len(sets):
        raise Tampered
    columns = (grant_epochs or (), grant_holders or (), generations or (), envelopes or ())
    cards = (faces or (), versions or (), card_epochs or (), card_envelopes or ())
    return Stored(
        counter=counter,
        states=states,
        sets=sets,
        grants=[GrantRow(*grant) for grant in zip(*columns, strict=True)],
        destroyed=frozenset(zip(gone_epochs or (), gone_holders or (), strict=True)),
        cards={card[0]: CardRow(*card) for card in zip(*cards, strict=True)},
        shred=None if shred is None else WrappedSecret(shred_key, shred),
    )
