"""Acts on the directory that make or pass on keys: founding, admissions, generations, small groups, signatures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from domain.access import Access
from domain.holders import HolderKey
from domain.network.charter import publish_charter, sign_charter
from domain.network.groups import GroupKind, make_group_key, share_group_key
from domain.network.members import (
    Institution,
    Referent,
    Standing,
    admit_institution,
    admit_referent,
    set_standing,
)
from domain.network.network import Network
from domain.network.on_call import name_on_call
from domain.refusals import Refusal
from infrastructure.directory.accounts import (
    insert_account,
    insert_group_secrets,
    insert_ledger_keys,
)
from infrastructure.directory.admissions import Admitted, Newcomer, make_keys
from infrastructure.directory.directory import Directory
from infrastructure.formats.bundle import FLOOR, Cost
from infrastructure.formats.directory_line import COORDINATION
from infrastructure.formats.group_secret import GroupSecretRow, seal_group_secret
from infrastructure.formats.keys import DecryptionKey
from infrastructure.formats.ledger import row_digests
from infrastructure.formats.ledger.entry import LedgerAuthor
from infrastructure.formats.ledger_key import LedgerKeyRow, seal_ledger_key
from infrastructure.formats.session import OpenSession, begin
from infrastructure.house.house import House

SECOND_AUDITOR = "second-auditor"
_NOBODY_STAYS = (
    "Gardez au moins une personne déjà d'astreinte : c'est elle qui transmet la clé aux autres."
)


@dataclass(slots=True)
class _Draft:
    """What one act on the directory will store beside its lines."""

    accounts: list[tuple[UUID, bytes]] = field(default_factory=list)
    secrets: list[GroupSecretRow] = field(default_factory=list)
    ledger_keys: list[LedgerKeyRow] = field(default_factory=list)


class Offices:
    """Acts on the directory of one network. ``cost`` is what a new bundle's passphrase costs to try."""

    def __init__(
        self, directory: Directory, network: UUID, house: House, cost: Cost = FLOOR
    ) -> None:
        self._directory = directory
        self._network = network
        self._house = house
        self._cost = cost

    # -- founding -------------------------------------------------------------------------------

    def found(
        self,
        name: str,
        territory: str,
        gateway_number: str,
        founded_on: date,
        charter: bytes,
        auditing: Sequence[Institution],
        newcomers: Sequence[Newcomer | Admitted],
        at: datetime,
    ) -> list[Admitted]:
        """Found the network: its coordination and its second auditor, each with referents, and the charter in force.

        The house says this and nothing later. Returns the referents with their passphrases.
        """
        network = Network(
            identifier=self._network,
            name=name,
            territory=territory,
            gateway_number=gateway_number,
            founded_on=founded_on,
            house_key=self._house.public_key,
            timestamp=at,
        )
        for institution in auditing:
            admit_institution(network, institution, at)
        draft = _Draft()
        admitted = [self._admit(network, newcomer, draft, at) for newcomer in newcomers]
        for institution in auditing:
            self._group_key(
                network, GroupKind.INSTITUTION, institution.id, institution.id, draft, at
            )
        publish_charter(network, charter, at)
        pen = LedgerAuthor.of_house(self._network, self._house.signing_key, self._house.ledger_key)
        draft.ledger_keys = self.ledger_keys(network, self._house.public_key, pen.ledger_key)
        self._record(pen, network, Access("found_network", at), draft)
        return admitted

    # -- admissions -----------------------------------------------------------------------------

    def admit_institution(
        self,
        session: OpenSession,
        institution: Institution,
        newcomer: Newcomer | Admitted,
        at: datetime,
    ) -> Admitted:
        """Admit an institution with its first referent, as the coordination, which makes its group's first key."""
        network = self._directory.to_change()
        admit_institution(network, institution, at)
        draft = _Draft()
        admitted = self._admit(network, newcomer, draft, at)
        self._group_key(network, GroupKind.INSTITUTION, institution.id, institution.id, draft, at)
        access = Access("admit_institution", at, details={"institution": institution.code})
        self._record_for(session, network, access, draft)
        return admitted

    def admit_referent(
        self, session: OpenSession, newcomer: Newcomer | Admitted, at: datetime
    ) -> Admitted:
        """Admit a colleague, and pass on to them the private half of the institution's group."""
        network = self._directory.to_change()
        draft = _Draft()
        admitted = self._admit(network, newcomer, draft, at)
        group = network.groups[admitted.referent.institution]
        private = session.private_half(group.id, group.generation)
        if private is not None:
            member = _own_key(admitted.referent)
            draft.secrets.append(
                seal_group_secret(self._network, group.id, group.generation, private, member)
            )
            share_group_key(network, group.id, admitted.referent.id, at)
        access = Access("admit_referent", at, details={"referent": str(admitted.referent.id)})
        self._record_for(session, network, access, draft)
        return admitted

    def name_on_call(
        self, session: OpenSession, gateway: UUID, referents: Iterable[UUID], at: datetime
    ) -> None:
        """Name who is on call, as the coordination, which makes the desk's first key.

        Somebody who has the desk's key stays, to pass it on: raises ``Refusal`` otherwise.
        """
        network = self._directory.to_change()
        named = frozenset(referents)
        desk = network.on_call_group()
        if desk is not None and not named & desk.founders & network.members(desk.id):
            raise Refusal(_NOBODY_STAYS, "12.1")
        name_on_call(network, named, at)
        draft = _Draft()
        if network.on_call_group() is None:
            self._group_key(network, GroupKind.ON_CALL, uuid4(), gateway, draft, at)
        self._record_for(session, network, Access("name_on_call", at), draft)

    # -- groups ---------------------------------------------------------------------------------

    def make_small_group(
        self, session: OpenSession, group: UUID, shut_out: frozenset[UUID], at: datetime
    ) -> UUID:
        """A new group of a group's members but those shut out, with its own key: its id.

        Where nobody else is left, there is no such group, and the id names nothing.
        """
        network = self._directory.to_change()
        small = uuid4()
        members = network.members(group) - shut_out
        if members:
            draft = _Draft()
            self._group_key(network, GroupKind.SMALL, small, group, draft, at, members)
            access = Access("make_small_group", at, details={"group": str(small)})
            self._record_for(session, network, access, draft)
        return small

    def renew_groups(self, session: OpenSession, at: datetime) -> list[UUID]:
        """Give each group of the session that somebody left its next generation. Returns those renewed.

        The older private half is sealed to the new one, so that a newcomer inherits the past.
        """
        if not self._directory.current().stale_groups(session.referent):
            return []
        network = self._directory.to_change()
        draft = _Draft()
        renewed = []
        for group in list(network.groups.values()):
            older = session.private_half(group.id, group.generation)
            mine = session.referent in network.members(group.id)
            if mine and older is not None and network.is_stale(group.id):
                members = network.members(group.id)
                private = self._group_key(
                    network, group.kind, group.id, group.of, draft, at, members
                )
                newer = network.groups[group.id]
                own = HolderKey(group.id, newer.generation, newer.public_key, group.id)
                draft.secrets.append(
                    seal_group_secret(self._network, group.id, group.generation, older, own)
                )
                session.groups[group.id, newer.generation] = private.raw
                renewed.append(group.id)
        if renewed:
            self._record_for(session, network, Access("renew_groups", at), draft)
        return renewed

    def share_groups(self, session: OpenSession, at: datetime) -> list[UUID]:
        """Pass on each group's current private half to members who lack it. Returns the groups concerned."""
        if not self._directory.current().unshared_groups(session.referent):
            return []
        network = self._directory.to_change()
        draft = _Draft()
        shared = []
        for group in list(network.groups.values()):
            private = session.private_half(group.id, group.generation)
            lacking = network.members(group.id) - group.founders
            if private is None or not lacking or session.referent not in network.members(group.id):
                continue
            for member in sorted(lacking):
                key = _own_key(network.referents[member])
                draft.secrets.append(
                    seal_group_secret(self._network, group.id, group.generation, private, key)
                )
                share_group_key(network, group.id, member, at)
            shared.append(group.id)
        if shared:
            self._record_for(session, network, Access("share_groups", at), draft)
        return shared

    # -- charter and standing -------------------------------------------------------------------

    def sign_charter(
        self, session: OpenSession, access: Access, signatory: UUID, at: datetime
    ) -> None:
        """Record a referent's signature of the charter in force, their own or their institution's."""
        network = self._directory.to_change()
        sign_charter(network, signatory, at)
        self._record_for(session, network, access, _Draft())

    def set_standing(
        self, session: OpenSession, subject: UUID, standing: Standing, reason: str, at: datetime
    ) -> None:
        """Suspend, exclude, let leave or reinstate, as the coordination."""
        network = self._directory.to_change()
        set_standing(network, subject, standing, reason, at)
        self._record_for(session, network, Access("set_standing", at), _Draft())

    def ledger_keys(
        self, network: Network, session_key: bytes, ledger_key: bytes
    ) -> list[LedgerKeyRow]:
        """A session's ledger key, sealed to the coordination and to the second auditor."""
        return [
            seal_ledger_key(self._network, session_key, ledger_key, holder)
            for kind in (COORDINATION, SECOND_AUDITOR)
            for holder in network.keys_of(network.institution_of_kind(kind).id)
        ]

    # -- parts ----------------------------------------------------------------------------------

    def _admit(
        self, network: Network, newcomer: Newcomer | Admitted, draft: _Draft, at: datetime
    ) -> Admitted:
        admitted = newcomer
        if isinstance(admitted, Newcomer):
            admitted = make_keys(self._network, admitted, self._cost)
        admit_referent(network, admitted.referent, at)
        draft.accounts.append((admitted.referent.id, admitted.locked))
        return admitted

    def _group_key(
        self,
        network: Network,
        kind: GroupKind,
        group: UUID,
        of: UUID,
        draft: _Draft,
        at: datetime,
        members: Iterable[UUID] | None = None,
    ) -> DecryptionKey:
        """Make a group's next pair and seal its private half to each member."""
        private = DecryptionKey.generate()
        everyone = self._members(network, kind, group) if members is None else frozenset(members)
        make_group_key(network, group, kind, of, private.public().raw, everyone, at)
        generation = network.groups[group].generation
        draft.secrets += [
            seal_group_secret(
                self._network, group, generation, private, _own_key(network.referents[member])
            )
            for member in sorted(everyone)
        ]
        return private

    @staticmethod
    def _members(network: Network, kind: GroupKind, group: UUID) -> frozenset[UUID]:
        return network.on_call if kind is GroupKind.ON_CALL else network.members(group)

    def _record_for(
        self, session: OpenSession, network: Network, access: Access, draft: _Draft
    ) -> None:
        """Record an act of a referent on the directory, under a session key of its own: a line in clear names who said
        it, and must not tell, in a copy, which journeys that person's session touched."""
        apart = begin(
            session.network, session.referent, session.institution, session.bundle, access.at
        )
        draft.ledger_keys = self.ledger_keys(network, apart.public_key, apart.ledger_key)
        self._record(LedgerAuthor.of(apart), network, access, draft)

    def _record(self, pen: LedgerAuthor, network: Network, access: Access, draft: _Draft) -> None:
        rows = [
            *(row.digest(self._network) for row in draft.secrets),
            *(row.digest(self._network) for row in draft.ledger_keys),
            *(
                row_digests.bundle(self._network, referent, locked)
                for referent, locked in draft.accounts
            ),
        ]

        def store(connection: Any) -> None:
            for referent, locked in draft.accounts:
                insert_account(connection, self._network, referent, locked)
            insert_group_secrets(connection, self._network, draft.secrets)
            insert_ledger_keys(connection, self._network, draft.ledger_keys)

        self._directory.record(pen, network, access, rows, store)


def _own_key(referent: Referent) -> HolderKey:
    return HolderKey(referent.id, 1, referent.encryption_key, referent.id)
