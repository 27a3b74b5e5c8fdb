"""The list of what a session can see: cards, opened without opening one journey."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

from infrastructure.formats.card import CardRow, OpenedCard, open_card
from infrastructure.formats.entry import EpochKeys
from infrastructure.formats.envelope import Tampered
from infrastructure.formats.grant import Epoch, GrantRow, open_grant, parse_grant_set
from infrastructure.formats.session import OpenSession
from infrastructure.formats.shred_secret import WrappedSecret
from infrastructure.house.house import HouseSecrets
from infrastructure.postgres.database import Connections

_SHELF = "SELECT * FROM relais.shelf(%b, %b::uuid[], %b::integer[], %b::smallint[], %b::bytea[])"

_GIVEN_TO_NONE_BUT = """
SELECT DISTINCT g.originator FROM relais.epoch_grant AS g
WHERE g.network = %b AND g.holder = ANY (%b::uuid[]) AND g.envelope IS NOT NULL
  AND NOT EXISTS (SELECT FROM relais.epoch_grant AS o
                  WHERE o.network = g.network AND o.originator = g.originator AND o.epoch = g.epoch
                    AND o.holder <> ALL (%b::uuid[]))
ORDER BY g.originator
"""


class Shelf:
    """Reads the cards of one network."""

    def __init__(self, connections: Connections, network: UUID, house: HouseSecrets) -> None:
        self._connections = connections
        self._network = network
        self._house = house

    def cards(
        self, session: OpenSession, faces: Sequence[int], signing_key_of: Mapping[UUID, bytes]
    ) -> list[OpenedCard]:
        """The cards of these faces that the session can open; the epochs that this opens are kept with the session.

        A card that was altered is left out: one damaged journey must not hide the others. ``relais verify`` names it.
        """
        known = {
            identifier: epoch
            for opened in session.epochs.values()
            for identifier, epoch in opened.items()
        }
        holders, generations = zip(*session.halves, strict=True)
        arguments = (self._network, list(holders), list(generations), list(faces), list(known))
        with self._connections.connection() as connection:
            rows = connection.execute(_SHELF, arguments).fetchall()
        cards = []
        for row in rows:
            with suppress(Tampered):
                cards.append(self._open(session, row, known, signing_key_of))
        return cards

    def given_to_none_but(self, session: OpenSession, holders: frozenset[UUID]) -> list[UUID]:
        """Where the session can open something that nobody but these holders was ever given."""
        arguments = (self._network, session.holders, list(holders))
        with self._connections.connection() as connection:
            rows = connection.execute(_GIVEN_TO_NONE_BUT, arguments).fetchall()
        return [originator for (originator,) in rows]

    def _open(
        self,
        session: OpenSession,
        row: Sequence[Any],
        known: Mapping[bytes, Epoch],
        signing_key_of: Mapping[UUID, bytes],
    ) -> OpenedCard:
        originator, face, version, epoch_id, envelope = row[:5]
        epoch = known.get(epoch_id)
        if epoch is None:
            epoch = self._open_grant(session, originator, epoch_id, row[5:10], signing_key_of)
        wrapped = WrappedSecret(row[10], row[11])
        shred_secret = self._house.unwrap(self._network, originator, wrapped)
        card = CardRow(face, version, epoch_id, envelope)
        content = open_card(self._network, originator, card, EpochKeys(epoch, shred_secret))
        return OpenedCard(originator, face, version, content)

    def _open_grant(
        self,
        session: OpenSession,
        originator: UUID,
        epoch_id: bytes,
        row: Sequence[Any],
        signing_key_of: Mapping[UUID, bytes],
    ) -> Epoch:
        holder, generation, envelope, payloads, signatures = row
        sets = [
            parse_grant_set(self._network, payload, signature)
            for payload, signature in zip(payloads, signatures, strict=True)
        ]
        private = session.private_half(holder, generation)
        if private is None:
            # The database answered with a grant that it was not asked for.
            raise Tampered
        given = GrantRow(epoch_id, holder, generation, envelope)
        epoch = open_grant(
            self._network, originator, given, sets, private, signing_key_of, session.checked
        )
        session.known_epochs(originator)[epoch_id] = epoch
        return epoch
