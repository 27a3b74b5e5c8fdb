"""Verifying one journey or summary: its stored rows against the entries about it, both ways."""

from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import Any, Final, NamedTuple
from uuid import UUID

from infrastructure.formats.envelope import Tampered
from infrastructure.formats.grant import parse_grant_set
from infrastructure.formats.ledger import row_digests
from infrastructure.formats.ledger.header import Header, RowDigest, RowKind
from infrastructure.ledger.verification.report import Findings, MismatchKind, place

TABLE_OF: Final = {
    RowKind.EVENT: "event",
    RowKind.DIRECTORY_LINE: "event",
    RowKind.GRANT: "epoch_grant",
    RowKind.DESTROYED_GRANT: "epoch_grant",
    RowKind.GRANT_SET: "grant_set",
    RowKind.CARD_IDENTITY: "card",
    RowKind.CARD_FRAME: "card",
    RowKind.CARD_SUMMARY: "card",
    RowKind.SHRED_SECRET: "shred_secret",
    RowKind.DESTROYED_SHRED_SECRET: "erased",
    RowKind.LEDGER_KEY: "ledger_key",
    RowKind.GROUP_SECRET: "group_secret",
    RowKind.BUNDLE: "account",
}
_CARDS: Final = frozenset(row_digests.CARD_KINDS.values())
_OF_NETWORK: Final = frozenset(
    {RowKind.DIRECTORY_LINE, RowKind.LEDGER_KEY, RowKind.GROUP_SECRET, RowKind.BUNDLE}
)


class Named(NamedTuple):
    """The entry that names a row: its rank in the ledger (those without a place come last), and its place."""

    rank: tuple[int, int]
    entry: str


class VerifiedOriginator:
    """The rows of one journey or summary, and the entries about it, in the order of the ledger."""

    def __init__(
        self, network: UUID, originator: UUID, house_public_key: bytes, findings: Findings
    ) -> None:
        self._network = network
        self._originator = originator
        self._house = house_public_key
        # The digests that name an erasure.
        self._gone = row_digests.shred_secret(network, originator, destroyed=True)
        self._findings = findings
        self._named: dict[RowDigest, Named] = {}
        self._seen: set[RowDigest] = set()
        self._current_card: dict[RowKind, RowDigest] = {}
        self._members: dict[tuple[bytes, UUID, int], bytes] = {}
        self._version = 0
        self._rank = (0, 0)
        self.of_network: list[tuple[RowDigest, Named]] = []

    @property
    def matched(self) -> int:
        """The number of rows that are named."""
        return len(self._seen)

    def take(self, group: Iterable[tuple[bytes, int, Any]]) -> None:
        """Take in entries and rows; the entries come first, grant sets before the grants."""
        takers = (
            self._header,
            self._set,
            self._grant,
            self._event,
            self._card,
            self._secret,
            self._erasure,
        )
        for _, number, row in group:
            takers[number](*row)

    def finish(self) -> None:
        """Say which named rows were not there."""
        erased = self._gone in self._named
        excused = self._destroyed_with_it() if erased else frozenset()
        for digest, named in self._named.items():
            if digest in self._seen or digest.kind is RowKind.DESTROYED_GRANT or digest in excused:
                continue
            superseded = self._current_card.get(digest.kind, digest) != digest
            goes_with_it = digest.kind in _CARDS or digest.kind is RowKind.SHRED_SECRET
            if superseded or (erased and goes_with_it):
                continue
            table = TABLE_OF.get(digest.kind, digest.kind.name.lower())
            where = f"{place(table, originator=self._originator)}, {named.entry}"
            self._add(MismatchKind.ROW_MISSING, where)

    def _destroyed_with_it(self) -> frozenset[RowDigest]:
        """The grants that an erasure took away: of each, its destruction is named."""
        network, originator = self._network, self._originator
        return frozenset(
            row_digests.grant(network, originator, *member, digest)
            for member, digest in self._members.items()
            if row_digests.grant(network, originator, *member, digest, destroyed=True)
            in self._named
        )

    def _header(self, header: Header, named: Named) -> None:
        for digest in header.rows:
            if digest.kind in _OF_NETWORK:
                self.of_network.append((digest, named))
                continue
            if digest == self._gone and header.session_public_key != self._house:
                # Nobody else erases: what such an entry names is missing all the same.
                self._add(MismatchKind.ERASURE_REFUSED, named.entry)
                continue
            if digest in self._named:
                self._add(MismatchKind.ROW_NAMED_TWICE, named.entry)
            self._named[digest] = named
            if digest.kind in _CARDS:
                self._current_card[digest.kind] = digest

    def _set(self, epoch: bytes, ordinal: int, payload: bytes, signature: bytes) -> None:
        where = place("grant_set", originator=self._originator, epoch=epoch, ordinal=ordinal)
        digest = self._digest(row_digests.grant_set, epoch, ordinal, payload, signature)
        if self._match(where, digest) is None:
            return
        try:
            parsed = parse_grant_set(self._network, payload, signature)
        except Tampered:
            self._add(MismatchKind.ROW_UNNAMED, where)
            return
        for (holder, generation), envelope_digest in parsed.members.items():
            self._members[epoch, holder, generation] = envelope_digest

    def _grant(self, epoch: bytes, holder: UUID, generation: int, envelope: bytes | None) -> None:
        key: dict[str, object] = {"epoch": epoch, "holder": holder, "generation": generation}
        where = place("epoch_grant", originator=self._originator, **key)
        if envelope is not None:
            envelope_digest = sha256(envelope).digest()
        else:
            envelope_digest = self._members.get((epoch, holder, generation), b"")
        fields = (epoch, holder, generation, envelope_digest)
        if self._match(where, self._digest(row_digests.grant, *fields)) is None:
            return
        gone = row_digests.grant(self._network, self._originator, *fields, destroyed=True)
        destroyed = gone in self._named
        if destroyed and envelope is not None:
            self._add(MismatchKind.ROW_PUT_BACK, where)
        elif envelope is None and not destroyed:
            self._add(MismatchKind.GRANT_TAKEN_AWAY, where)

    def _event(self, version: int, state: bytes) -> None:
        where = place("event", originator=self._originator, version=version)
        if version != self._version + 1:
            missing = place("event", originator=self._originator, version=self._version + 1)
            self._add(MismatchKind.VERSION_MISSING, missing)
        self._version = version
        named = self._match(where, self._digest(row_digests.event, version, state))
        if named is not None:
            if named.rank < self._rank:
                self._add(MismatchKind.ORDER_CHANGED, where)
            self._rank = named.rank

    def _card(self, face: int, version: int, epoch: bytes, envelope: bytes) -> None:
        where = place("card", originator=self._originator, face=face)
        digest = self._digest(row_digests.card, face, version, epoch, envelope)
        if self._match(where, digest) and digest:
            replaced = self._current_card[digest.kind] != digest
            if replaced or self._gone in self._named:
                self._add(MismatchKind.ROW_PUT_BACK, where)

    def _secret(self) -> None:
        where = place("shred_secret", originator=self._originator)
        self._match(where, self._digest(row_digests.shred_secret))
        if self._gone in self._named:
            self._add(MismatchKind.ROW_PUT_BACK, where)

    def _erasure(self) -> None:
        self._match(place("erased", originator=self._originator), self._gone)

    def _match(self, where: str, digest: RowDigest | None) -> Named | None:
        if digest is None or digest not in self._named:
            self._add(MismatchKind.ROW_UNNAMED, where)
            return None
        self._seen.add(digest)
        return self._named[digest]

    def _digest(self, kind: Callable[..., RowDigest], *fields: object) -> RowDigest | None:
        return digest_of(kind, self._network, self._originator, *fields)

    def _add(self, kind: MismatchKind, where: str) -> None:
        self._findings.add(kind, where, self._originator)


def digest_of(kind: Callable[..., RowDigest], *fields: object) -> RowDigest | None:
    """The digest of a row, or ``None`` if it holds a number that no writer stores."""
    try:
        return kind(*fields)
    except (OverflowError, KeyError):
        return None
