"""Reading the ledger: a journey's partners see who consulted it, the coordination sees every access."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from domain.access import Access, AuditEntry, Trace
from domain.network.network import Network
from infrastructure.formats.envelope import Tampered
from infrastructure.formats.ledger.body import Actor, LedgerBody
from infrastructure.formats.ledger.entry import (
    HOUSE_ACTS,
    LedgerAuthor,
    read_body,
    read_trace,
    write_entry,
)
from infrastructure.formats.ledger.header import BODY_DIGEST_AT, SESSION_KEY_AT
from infrastructure.formats.ledger_key import LedgerKeyRow, open_ledger_key
from infrastructure.formats.session import OpenSession
from infrastructure.formats.session_certificate import CertificateError
from infrastructure.postgres.database import Connections
from infrastructure.store.loaded import Loaded
from infrastructure.store.recorder import Recorder, Recording

UNREADABLE = "unreadable"
"""The act that stands for an entry whose body was altered."""

_AUDIT = """
SELECT l.position, b.subject, b.session_key, b.body,
       coalesce(substring(e.header FROM %b::integer FOR 32) = sha256(b.body)
                AND substring(e.header FROM %b::integer FOR 32) = b.session_key, false)
FROM relais.ledger_body AS b
LEFT JOIN relais.ledger_entry AS e ON e.id = b.entry
LEFT JOIN relais.ledger_leaf AS l ON l.entry = b.entry
WHERE b.network = %b ORDER BY b.entry DESC LIMIT %b
"""


class Ledger:
    """The ledger of one network: entries of acts that store nothing else, and reading as far as keys reach."""

    def __init__(self, connections: Connections, recorder: Recorder, network: UUID) -> None:
        self._connections = connections
        self._recorder = recorder
        self._network = network

    def note(self, session: OpenSession, access: Access) -> int:
        """Record an act that stores nothing else, durably, before anything is shown."""
        row = write_entry(LedgerAuthor.of(session), access, (), None)
        recording = Recording(network=self._network, originator=uuid4(), ledger=row)
        return self._recorder.insert(recording)

    def traces(self, loaded: Loaded[Any], limit: int) -> list[Trace]:
        """The accesses to a journey, newest first, as far as the session holds its frame's epochs.

        An altered trace is left out: one byte must not make a journey unreadable, and ``relais verify`` names it.
        """
        subject = loaded.aggregate.id
        with self._connections.connection() as connection:
            rows = connection.execute(
                "SELECT sha256(body), trace_epoch, trace FROM relais.ledger_body"
                " WHERE network = %b AND subject = %b AND trace IS NOT NULL"
                " ORDER BY entry DESC LIMIT %b",
                (self._network, subject, limit),
            ).fetchall()
        traces = []
        for body_digest, epoch, sealed in rows:
            if epoch in loaded.keys:
                with suppress(Tampered):
                    keys = loaded.keys[epoch]
                    traces.append(read_trace(self._network, subject, body_digest, keys, sealed))
        return traces

    def audit(self, session: OpenSession, directory: Network, limit: int) -> list[AuditEntry]:
        """Every entry whose session's ledger key was sealed to a group of this session, newest first.

        A body that does not open, is not the one that its header names, or names another session than the one that
        signed it, stands in its place as ``UNREADABLE``, with its neighbour's time: the others are read all the same.
        """
        keys = self._ledger_keys(session)
        with self._connections.connection() as connection:
            rows = connection.execute(
                _AUDIT, (BODY_DIGEST_AT + 1, SESSION_KEY_AT + 1, self._network, limit)
            ).fetchall()
        entries: list[AuditEntry] = []
        checked: set[bytes] = set()
        for position, subject, session_key, sealed, named in rows:
            if session_key not in keys:
                continue
            try:
                key = keys[session_key]
                if key is None or not named:
                    raise Tampered
                body = read_body(self._network, subject, session_key, key, sealed)
                entries.append(self._entry(directory, position, session_key, body, checked))
            except Tampered:
                at = entries[-1].access.at if entries else datetime.now(UTC)
                entries.append(
                    AuditEntry(position, Access(UNREADABLE, at, allowed=False), None, None)
                )
        return entries

    def _ledger_keys(self, session: OpenSession) -> dict[bytes, bytes | None]:
        """Open each session's ledger key that was sealed to a holder of this session; ``None`` if it is altered."""
        with self._connections.connection() as connection:
            rows = connection.execute(
                "SELECT session_key, holder, generation, envelope FROM relais.ledger_key"
                " WHERE network = %b AND holder = ANY (%b::uuid[])",
                (self._network, session.holders),
            ).fetchall()
        keys: dict[bytes, bytes | None] = {}
        for row in rows:
            private = session.private_half(row[1], row[2])
            if private is None or keys.get(row[0]) is not None:
                continue
            try:
                keys[row[0]] = open_ledger_key(self._network, LedgerKeyRow(*row), private)
            except Tampered:
                keys[row[0]] = None
        return keys

    def _entry(
        self,
        directory: Network,
        position: int | None,
        session_key: bytes,
        body: LedgerBody,
        checked: set[bytes],
    ) -> AuditEntry:
        referent = institution = None
        if isinstance(body.who, Actor):
            _check_certificate(self._network, directory, session_key, body, checked)
            referent, institution = body.who.referent, UUID(body.who.institution)
        elif session_key != directory.house_key or body.act not in HOUSE_ACTS:
            raise Tampered
        access = Access(
            act=body.act,
            at=body.at,
            subject=body.subject,
            compartments=tuple(body.compartment.split(",")) if body.compartment else (),
            purpose=body.purpose,
            ground=body.ground,
            articles=body.articles,
            policies=body.policies,
            allowed=body.allowed,
            details={detail.value: value for detail, value in body.details.items()},
        )
        return AuditEntry(position, access, referent, institution)


def _check_certificate(
    network: UUID, directory: Network, session_key: bytes, body: LedgerBody, checked: set[bytes]
) -> None:
    """The body names who the session belongs to; the certificate proves it. ``checked`` holds those found signed."""
    certificate = body.certificate
    if (
        certificate is None
        or certificate.network != network
        or certificate.session_public_key != session_key
        or certificate.referent not in directory.referents
    ):
        raise Tampered
    if not certificate.not_before <= body.at < certificate.not_after:
        raise Tampered
    found = certificate.to_bytes()
    if found in checked:
        return
    signing_key = directory.referents[certificate.referent].signing_key
    try:
        certificate.verify(Ed25519PublicKey.from_public_bytes(signing_key), body.at)
    except CertificateError:
        raise Tampered from None
    checked.add(found)
