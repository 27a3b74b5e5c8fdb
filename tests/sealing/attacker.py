"""An attacker who keeps every copy of the database and every key that somebody ever held.

It knows the formats (docs/formats) and nothing of the program, and it asks no policy.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey

from tests.sealing.opening import SUITE, bound, derived, number, opened, private_half, unframed

Holder: TypeAlias = tuple[UUID, int]
Writing: TypeAlias = tuple[str, UUID, int, bytes]
"""One sealed thing: what it is, its journey, its version (or place) and the digest of its bytes."""

_TABLES: Mapping[str, str] = {
    "event": "SELECT originator, version, state FROM relais.event WHERE originator <> network",
    "grant": "SELECT originator, epoch, holder, generation, envelope FROM relais.epoch_grant"
    " WHERE envelope IS NOT NULL",
    "card": "SELECT originator, face, version, epoch, envelope FROM relais.card",
    "shred": "SELECT originator, house_key, envelope FROM relais.shred_secret",
    "group": "SELECT holder, generation, member, member_generation, envelope"
    " FROM relais.group_secret",
    "trace": "SELECT subject, entry, body, trace_epoch, trace FROM relais.ledger_body"
    " WHERE trace IS NOT NULL",
    "ledger_key": "SELECT session_key, holder, generation, envelope FROM relais.ledger_key",
    "ledger": "SELECT subject, entry, session_key, body FROM relais.ledger_body",
}


class Heap:
    """Every row of every table at every step, and the house's secrets."""

    def __init__(self, network: UUID, house: Path) -> None:
        self.network = network
        self._folder = house / "keys"
        self._house = self._house_keys()
        self.rows: dict[str, set[tuple[Any, ...]]] = defaultdict(set)
        self.shred_secrets: dict[UUID, bytes] = {}
        self._halves: dict[bytes, MLKEM768X25519PrivateKey] = {}
        self._sealed: dict[tuple[bytes, bytes], bytes | None] = {}

    def _house_keys(self) -> dict[int, bytes]:
        return {int(path.name): path.read_bytes() for path in self._folder.iterdir()}

    def copy(self, connections: Any) -> dict[str, set[tuple[Any, ...]]]:
        """Take a copy of the database, and of the house's keys. Returns what was not in any copy before."""
        self._house |= self._house_keys()
        fresh = {}
        with connections.connection() as connection:
            for table, statement in _TABLES.items():
                rows = set(connection.execute(statement).fetchall())
                fresh[table] = rows - self.rows[table]
                self.rows[table] |= rows
        self._open_shred_secrets(fresh["shred"])
        return fresh

    def take(self, rows: Mapping[str, set[tuple[Any, ...]]]) -> None:
        """Take what older copies held: of the database alone, not of the house."""
        for table, found in rows.items():
            self.rows[table] |= found
        self._open_shred_secrets(rows["shred"])

    def _open_shred_secrets(self, rows: Iterable[tuple[Any, ...]]) -> None:
        for originator, key, envelope in rows:
            if key not in self._house:
                # Destroyed before this attacker came.
                continue
            secret = opened(
                self._house[key],
                envelope,
                bound(b"relais/v1/shred-secret", self.network.bytes, originator.bytes, number(key)),
            )
            if secret is not None:
                self.shred_secrets[originator] = secret

    def unsealed(self, raw: bytes, envelope: bytes, bound_to: bytes) -> bytes | None:
        """HPKE behind ``02``. Each pair of key and envelope is tried once for all attackers."""
        place = (raw, envelope)
        if place not in self._sealed:
            half = self._halves.get(raw)
            if half is None:
                half = self._halves[raw] = private_half(raw)
            try:
                self._sealed[place] = SUITE.decrypt(envelope[1:], half, bound_to)
            except (InvalidTag, ValueError):
                self._sealed[place] = None
        return self._sealed[place]


@dataclass
class Attacker:
    """One person, with everything that they ever held."""

    heap: Heap
    holder: UUID
    halves: dict[Holder, bytes] = field(default_factory=dict)
    epochs: dict[bytes, bytes] = field(default_factory=dict)
    ledger_keys: dict[bytes, bytes] = field(default_factory=dict)
    read: dict[Writing, bytes] = field(default_factory=dict)
    _seen: dict[str, int] = field(default_factory=dict)
    _tried: set[tuple[Any, ...]] = field(default_factory=set)

    def keeps(self, epochs: Iterable[tuple[bytes, bytes]], halves: Mapping[Holder, bytes]) -> None:
        """Take what their session had in memory."""
        self.epochs.update(epochs)
        self.halves.update(halves)

    def attack(self) -> None:
        """Open all that can be opened, until nothing more opens."""
        while self._open_groups():
            pass
        self._open_grants()
        for row in self.heap.rows["ledger_key"]:
            self._open_ledger_key(row)
        self._read_events()
        self._read_cards()
        self._read_traces()

    def _untried(self, table: str) -> list[tuple[Any, ...]]:
        return [row for row in self.heap.rows[table] if (table, *row) not in self._tried]

    def _open_groups(self) -> bool:
        progress = False
        for row in self._untried("group"):
            holder, generation, member, member_generation, envelope = row
            half = self.halves.get((member, member_generation))
            if half is None:
                continue
            self._tried.add(("group", *row))
            raw = self.heap.unsealed(
                half,
                envelope,
                bound(
                    b"relais/v1/group-secret",
                    self.heap.network.bytes,
                    holder.bytes,
                    number(generation),
                    member.bytes,
                    number(member_generation),
                ),
            )
            if raw is not None:
                self.halves[holder, generation] = raw
                progress = True
        return progress

    def _open_grants(self) -> None:
        for row in self._untried("grant"):
            originator, epoch, holder, generation, envelope = row
            half = self.halves.get((holder, generation))
            if half is None:
                continue
            self._tried.add(("grant", *row))
            plaintext = self.heap.unsealed(
                half,
                envelope,
                bound(
                    b"relais/v1/grant",
                    self.heap.network.bytes,
                    originator.bytes,
                    epoch,
                    holder.bytes,
                    number(generation),
                ),
            )
            if plaintext is not None:
                self.epochs[epoch] = plaintext[1:33]

    def _open_ledger_key(self, row: tuple[Any, ...]) -> None:
        session_key, holder, generation, envelope = row
        half = self.halves.get((holder, generation))
        if half is None or session_key in self.ledger_keys:
            return
        key = self.heap.unsealed(
            half,
            envelope,
            bound(
                b"relais/v1/ledger-key",
                self.heap.network.bytes,
                session_key,
                holder.bytes,
                number(generation),
            ),
        )
        if key is not None:
            self.ledger_keys[session_key] = key

    def _key(self, originator: UUID, epoch: bytes, use: bytes) -> bytes | None:
        key, secret = self.epochs.get(epoch), self.heap.shred_secrets.get(originator)
        return None if key is None or secret is None else derived(key, use, secret)

    def _read_events(self) -> None:
        for row in self._untried("event"):
            originator, version, state = row
            frame, own = state[1:33], state[33:65]
            bound_to = bound(
                b"relais/v1/entry",
                self.heap.network.bytes,
                originator.bytes,
                number(version),
                frame,
                own,
            )
            header = self._key(originator, frame, b"relais/v1/entry-header")
            if header is not None:
                self._got("header", row, opened(header, state[65:99], _use("header") + bound_to))
            body = self._key(originator, own, b"relais/v1/entry-body")
            if body is not None:
                plaintext = opened(body, state[99:], _use("body") + bound_to)
                self._got("event", row, None if plaintext is None else unframed(plaintext))
                self._tried.add(("event", *row))

    def _read_cards(self) -> None:
        for row in self._untried("card"):
            originator, face, version, epoch, envelope = row
            key = self._key(originator, epoch, b"relais/v1/card")
            if key is not None:
                place = (self.heap.network.bytes, originator.bytes, bytes([face]))
                bound_to = bound(b"relais/v1/card", *place, number(version), epoch)
                plaintext = opened(key, envelope, bound_to)
                self._got("card", row, None if plaintext is None else unframed(plaintext))
                self._tried.add(("card", *row))

    def _read_traces(self) -> None:
        for row in self._untried("trace"):
            subject, _, body, epoch, trace = row
            key = self._key(subject, epoch, b"relais/v1/ledger-trace")
            if key is not None:
                place = (self.heap.network.bytes, subject.bytes, hashlib.sha256(body).digest())
                plaintext = opened(key, trace, bound(b"relais/v1/ledger-trace", *place, epoch))
                self._got("trace", row, None if plaintext is None else unframed(plaintext))
                self._tried.add(("trace", *row))

    def _got(self, kind: str, row: tuple[Any, ...], plaintext: bytes | None) -> None:
        if plaintext is None:
            raise AssertionError(f"a {kind} does not open with the key that its grant gives")
        self.read[name_of(kind, row)] = plaintext

    def ledger_bodies(self) -> list[bytes]:
        """Every ledger body that their ledger keys open."""
        bodies = []
        for subject, _, session_key, body in self.heap.rows["ledger"]:
            key = self.ledger_keys.get(session_key)
            if key is not None:
                bound_to = bound(
                    b"relais/v1/ledger-body", self.heap.network.bytes, subject.bytes, session_key
                )
                plaintext = opened(key, body, bound_to)
                if plaintext is None:
                    raise AssertionError("a ledger body does not open with its session's key")
                bodies.append(unframed(plaintext))
        return bodies


def name_of(kind: str, row: tuple[Any, ...]) -> Writing:
    """What a sealed row is called."""
    place = {"event": row[1], "header": row[1], "card": row[2], "trace": row[1]}[kind]
    return kind, row[0], place, hashlib.sha256(repr(row).encode()).digest()


def _use(half: str) -> bytes:
    return b"relais/v1/entry-" + half.encode()
