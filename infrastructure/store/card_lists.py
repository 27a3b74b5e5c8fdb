"""The lists that a session sees: cards, opened without opening one journey."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple
from uuid import UUID

from infrastructure.formats.card import CardRow, OpenedCard, open_card
from infrastructure.formats.entry import EpochKeys
from infrastructure.formats.envelope import Tampered
from infrastructure.formats.grant import Epoch, GrantRow, open_grant, parse_grant_set
from infrastructure.formats.session import OpenSession
from infrastructure.formats.shred_secret import WrappedSecret
from infrastructure.house.house import HouseSecrets
from infrastructure.postgres.database import Connection, Connections
from infrastructure.postgres.prepared import Kind, Statement

# The way is fixed, whatever the database believes about its tables: from the session's holders to their journeys, one
# step of an index for each, and from a journey to its cards; never over the cards of the whole network, nor over all
# epochs of a journey. A holder's generation counts, not the holder alone: whoever left a group still has its older key.
_CARDS = Statement(
    b"cards",
    b"""
WITH RECURSIVE granted (holder, originator) AS (
    SELECT mine.holder, first.originator FROM unnest($2) AS mine (holder) CROSS JOIN LATERAL (
        SELECT originator FROM relais.epoch_grant WHERE network = $1 AND holder = mine.holder
        ORDER BY originator LIMIT 1) AS first
    UNION ALL
    SELECT granted.holder, next.originator FROM granted CROSS JOIN LATERAL (
        SELECT originator FROM relais.epoch_grant
        WHERE network = $1 AND holder = granted.holder AND originator > granted.originator
        ORDER BY originator LIMIT 1) AS next
), journey AS MATERIALIZED (SELECT DISTINCT originator FROM granted)
SELECT journey.originator, card.face, card.version, card.epoch, card.envelope, secret.house_key, secret.envelope
FROM journey CROSS JOIN LATERAL (
    SELECT c.face, c.version, c.epoch, c.envelope FROM relais.card AS c
    WHERE c.network = $1 AND c.originator = journey.originator AND c.face = ANY ($4) AND EXISTS (
        SELECT FROM relais.epoch_grant AS own
        WHERE own.network = $1 AND own.originator = c.originator AND own.epoch = c.epoch
          AND own.holder = ANY ($2) AND own.envelope IS NOT NULL
          AND (own.holder, own.generation) IN (SELECT * FROM unnest($2, $3)))
    OFFSET 0) AS card
CROSS JOIN LATERAL (
    SELECT s.house_key, s.envelope FROM relais.shred_secret AS s
    WHERE s.network = $1 AND s.originator = journey.originator OFFSET 0) AS secret
""",
    (Kind.UUID, Kind.UUIDS, Kind.INTEGERS, Kind.SMALLINTS),
)
# LIMIT keeps the two searches within an index, however many epochs are asked for.
_GRANTS = Statement(
    b"grants",
    b"""
SELECT asked.originator, asked.epoch, own.holder, own.generation, own.envelope, given.payloads, given.signatures
FROM unnest($4, $5) AS asked (originator, epoch)
CROSS JOIN LATERAL (
    SELECT g.holder, g.generation, g.envelope
    FROM unnest($2, $3) AS mine (holder, generation)
    JOIN relais.epoch_grant AS g ON g.network = $1 AND g.originator = asked.originator
        AND g.holder = mine.holder AND g.generation = mine.generation AND g.epoch = asked.epoch
    WHERE g.envelope IS NOT NULL
    LIMIT 1
) AS own
CROSS JOIN LATERAL (
    SELECT array_agg(s.payload ORDER BY s.ordinal) AS payloads,
           array_agg(s.signature ORDER BY s.ordinal) AS signatures
    FROM relais.grant_set AS s
    WHERE s.network = $1 AND s.originator = asked.originator AND s.epoch = asked.epoch
) AS given
""",
    (Kind.UUID, Kind.UUIDS, Kind.INTEGERS, Kind.UUIDS, Kind.BYTES_LIST),
)
_GIVEN_TO_NONE_BUT = Statement(
    b"given_to_none_but",
    b"""
WITH alone AS MATERIALIZED (
    SELECT own.originator, own.epoch, own.holder, own.generation FROM relais.epoch_grant AS own
    WHERE own.network = $1 AND own.holder = ANY ($2) AND (
        SELECT true FROM relais.epoch_grant AS other
        WHERE other.network = $1 AND other.originator = own.originator AND other.epoch = own.epoch
          AND other.holder <> ALL ($3)
        LIMIT 1) IS NULL)
SELECT DISTINCT originator FROM alone
JOIN relais.epoch_grant AS own USING (originator, epoch, holder, generation)
WHERE own.network = $1 AND own.envelope IS NOT NULL ORDER BY originator
""",
    (Kind.UUID, Kind.UUIDS, Kind.UUIDS),
)


class _SealedCard(NamedTuple):
    """A card as the database gives it, with its journey's shred secret."""

    originator: UUID
    face: int
    version: int
    epoch: bytes
    envelope: bytes
    house_key: int
    wrapped: bytes


class CardLists:
    """Reads the cards of one network."""

    def __init__(self, connections: Connections, network: UUID, house: HouseSecrets) -> None:
        self._connections = connections
        self._network = network
        self._house = house

    def cards(
        self, session: OpenSession, faces: Sequence[int], signing_key_of: Mapping[UUID, bytes]
    ) -> list[OpenedCard]:
        """Open the cards of these faces that the session has a key to; it keeps the epochs that this opens.

        An altered card is left out: one damaged journey must not hide the others. ``relais verify`` names it.
        """
        with self._connections.connection() as connection:
            sealed = self._sealed_cards(connection, session, faces)
            unknown = [
                card for card in sealed if card.epoch not in session.known_epochs(card.originator)
            ]
            grants = self._grants(connection, session, unknown) if unknown else []
        for grant in grants:
            with suppress(Tampered):
                self._open_grant(session, grant, signing_key_of)
        return self._opened(session, sealed)

    def given_to_none_but(self, session: OpenSession, holders: frozenset[UUID]) -> list[UUID]:
        """Return the journeys in which the session can open an epoch that no holder but these was ever granted."""
        with self._connections.connection() as connection:
            rows = connection.ask(_GIVEN_TO_NONE_BUT, self._network, session.holders, list(holders))
        return [originator for (originator,) in rows]

    def _sealed_cards(
        self, connection: Connection, session: OpenSession, faces: Sequence[int]
    ) -> list[_SealedCard]:
        holders, generations = zip(*session.halves, strict=True)
        rows = connection.ask(_CARDS, self._network, holders, generations, faces)
        return [_SealedCard(*row) for row in rows]

    def _grants(
        self, connection: Connection, session: OpenSession, cards: Sequence[_SealedCard]
    ) -> list[tuple[Any, ...]]:
        """The session's grants of the epochs of these cards, with the sets that name them."""
        holders, generations = zip(*session.halves, strict=True)
        asked = {(card.originator, card.epoch): None for card in cards}
        originators, epochs = zip(*asked, strict=True)
        return connection.ask(_GRANTS, self._network, holders, generations, originators, epochs)

    def _open_grant(
        self, session: OpenSession, row: Sequence[Any], signing_key_of: Mapping[UUID, bytes]
    ) -> None:
        originator, epoch, holder, generation, envelope, payloads, signatures = row
        private = session.private_half(holder, generation)
        if private is None:
            # The database answered with a grant that it was not asked for.
            raise Tampered
        sets = [
            parse_grant_set(self._network, payload, signature)
            for payload, signature in zip(payloads or (), signatures or (), strict=True)
        ]
        given = GrantRow(epoch, holder, generation, envelope)
        session.known_epochs(originator)[epoch] = open_grant(
            self._network, originator, given, sets, private, signing_key_of, session.checked
        )

    def _opened(self, session: OpenSession, sealed: Sequence[_SealedCard]) -> list[OpenedCard]:
        secrets: dict[UUID, bytes] = {}
        cards = []
        for card in sealed:
            epoch = session.known_epochs(card.originator).get(card.epoch)
            if epoch is not None:
                with suppress(Tampered):
                    cards.append(self._open(card, epoch, secrets))
        return cards

    def _open(self, card: _SealedCard, epoch: Epoch, secrets: dict[UUID, bytes]) -> OpenedCard:
        originator = card.originator
        secret = secrets.get(originator)
        if secret is None:
            wrapped = WrappedSecret(card.house_key, card.wrapped)
            secret = secrets[originator] = self._house.unwrap(self._network, originator, wrapped)
        row = CardRow(card.face, card.version, card.epoch, card.envelope)
        content = open_card(self._network, originator, row, EpochKeys(epoch, secret))
        return OpenedCard(originator, card.face, card.version, content)
