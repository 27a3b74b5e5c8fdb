"""The network: institutions, referents, groups and their keys. Its events are the lines of the signed directory.

The network's version is the directory's counter. Nothing here is sealed: these lines lie in clear, each signed.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from eventsourcing.domain import Aggregate, event

from domain.holders import HolderKey
from domain.network.members import Group, GroupKind, Institution, Referent, Standing
from domain.refusals import Refusal


class Network(Aggregate):
    """One territory's network and its directory."""

    @staticmethod
    def create_id(identifier: UUID) -> UUID:
        """A network's id is chosen by the installation: its tables and keys name it from the start."""
        return identifier

    @event("NetworkFounded")
    def __init__(
        self,
        identifier: UUID,
        name: str,
        territory: str,
        gateway_number: str,
        founded_on: date,
        house_key: bytes,
        timestamp: datetime,
    ) -> None:
        self.name = name
        self.territory = territory
        self.gateway_number = gateway_number
        self.founded_on = founded_on
        self.house_key = house_key
        self.institutions: dict[UUID, Institution] = {}
        self.referents: dict[UUID, Referent] = {}
        self.groups: dict[UUID, Group] = {}
        self.on_call: frozenset[UUID] = frozenset()
        self.standing: dict[UUID, Standing] = {}
        self.returned: dict[UUID, int] = {}
        self.signatures: dict[UUID, frozenset[bytes]] = {}
        self.charter: bytes = b""

    # -- what may be asked ------------------------------------------------------------------------------------------

    @property
    def counter(self) -> int:
        """The directory's counter: how many lines it has."""
        return self.version

    def institution_of_kind(self, kind: str) -> Institution:
        """The only institution of a kind that the network has once (coordination, second auditor)."""
        found = [
            institution for institution in self.institutions.values() if institution.kind == kind
        ]
        if len(found) != 1:
            raise Refusal("Le réseau n'a pas exactement une institution de ce genre.")
        return found[0]

    def on_call_group(self) -> Group | None:
        """The on-call desk's group, once it has a key."""
        return next(
            (group for group in self.groups.values() if group.kind is GroupKind.ON_CALL), None
        )

    def standing_of(self, identifier: UUID) -> Standing:
        """The standing of an institution or a referent."""
        return self.standing.get(identifier, Standing.ACTIVE)

    def holds_keys(self, referent: UUID) -> bool:
        """Whether the referent may be given keys: a passing suspension leaves them alone, the rest ends them."""
        known = self.referents.get(referent)
        if known is None:
            return False
        standings = (self.standing_of(referent), self.standing_of(known.institution))
        return not any(standing.is_over for standing in standings)

    def members(self, group: UUID) -> frozenset[UUID]:
        """Who belongs to a group today."""
        known = self.groups.get(group)
        if known is not None and known.kind is GroupKind.SMALL:
            return frozenset(member for member in known.founders if self.holds_keys(member))
        if known is not None and known.kind is GroupKind.ON_CALL:
            return frozenset(member for member in self.on_call if self.holds_keys(member))
        return frozenset(
            referent.id
            for referent in self.referents.values()
            if referent.institution == group and self.holds_keys(referent.id)
        )

    def is_stale(self, group: UUID) -> bool:
        """Whether somebody who had the group's current key is no longer a member: a new generation is due."""
        known = self.groups.get(group)
        return known is not None and not known.founders <= self.members(group)

    def stale_groups(self, referent: UUID) -> list[UUID]:
        """The referent's groups that are due a new generation."""
        return [
            group
            for group in self.groups
            if referent in self.members(group) and self.is_stale(group)
        ]

    def unshared_groups(self, referent: UUID) -> list[UUID]:
        """The groups whose current key the referent has and some other member has not."""
        return [
            group.id
            for group in self.groups.values()
            if referent in group.founders and not self.members(group.id) <= group.founders
        ]

    def keys_of(self, group: UUID) -> tuple[HolderKey, ...]:
        """What is sealed to when it is for a group: its current generation; or, while somebody who had that has left,
        each remaining member's own pair. Empty for a group without members."""
        members = self.members(group)
        known = self.groups.get(group)
        if known is None or not members:
            return ()
        if not self.is_stale(group):
            return (HolderKey(group, known.generation, known.public_key, group),)
        return tuple(
            HolderKey(member, 1, self.referents[member].encryption_key, group)
            for member in sorted(members)
        )

    def has_signed(self, identifier: UUID) -> bool:
        """Whether an institution or a referent signed the charter version in force (article 1.1)."""
        return bool(self.charter) and self.charter in self.signatures.get(identifier, frozenset())

    def referent_of_login(self, login: str) -> Referent | None:
        """The referent with that login, whatever its standing."""
        wanted = login.strip().casefold()
        return next(
            (one for one in self.referents.values() if one.login.strip().casefold() == wanted), None
        )

    # -- what may be done -------------------------------------------------------------------------------------------

    def admit_institution(self, institution: Institution, at: datetime) -> None:
        """Take an institution into the network."""
        if institution.id in self.institutions or any(
            known.code == institution.code for known in self.institutions.values()
        ):
            raise Refusal("Cette institution est déjà dans l'annuaire.")
        self._institution_admitted(institution=institution, timestamp=at)

    def admit_referent(self, referent: Referent, at: datetime) -> None:
        """Take a referent in, with the public keys that were just made for them."""
        if referent.institution not in self.institutions:
            raise Refusal("Cette institution n'est pas dans l'annuaire.")
        if referent.id in self.referents or self.referent_of_login(referent.login) is not None:
            raise Refusal("Cet identifiant est déjà pris.")
        if self.standing_of(referent.institution) is not Standing.ACTIVE:
            raise Refusal("Cette institution ne prend plus part au réseau.", "1.2")
        self._referent_admitted(referent=referent, timestamp=at)

    def make_group_key(
        self,
        group: UUID,
        kind: GroupKind,
        of: UUID,
        public_key: bytes,
        members: Iterable[UUID],
        at: datetime,
    ) -> None:
        """Give a group its first key, or its next generation. Every member must be known and none may have left."""
        founders = frozenset(members)
        if not founders or not all(self.holds_keys(member) for member in founders):
            raise Refusal("Un groupe n'a que des membres présents dans l'annuaire.")
        known = self.groups.get(group)
        generation = known.generation + 1 if known else 1
        self._group_key_made(
            group=group,
            kind=kind,
            of=of,
            generation=generation,
            public_key=public_key,
            members=tuple(sorted(founders)),
            timestamp=at,
        )

    def share_group_key(self, group: UUID, member: UUID, at: datetime) -> None:
        """Say that a newcomer was given the group's current private half by a colleague."""
        if group not in self.groups:
            raise Refusal("Ce groupe n'a pas encore de clé.")
        if member not in self.members(group):
            raise Refusal("Cette personne n'est pas membre du groupe.")
        self._group_key_shared(group=group, member=member, timestamp=at)

    def name_on_call(self, referents: Iterable[UUID], at: datetime) -> None:
        """Name who is on call: at least two referents of the gateway."""
        named = frozenset(referents)
        gateways = {one.id for one in self.institutions.values() if one.gateway}
        if len(named) < 2 or not all(
            self.holds_keys(one) and self.referents[one].institution in gateways for one in named
        ):
            raise Refusal("L'astreinte compte au moins deux référents du numéro d'accueil.", "12.1")
        self._on_call_named(referents=tuple(sorted(named)), timestamp=at)

    def publish_charter(self, version: bytes, at: datetime) -> None:
        """Put a charter version in force: the hash of its wording and of its decision table (article 1.1)."""
        if not version:
            raise Refusal("Cette version de la charte est vide.", "1.1")
        self._charter_published(charter=version, timestamp=at)

    def sign_charter(self, signatory: UUID, at: datetime) -> None:
        """Record that an institution or a referent signed the version in force."""
        if not self.charter:
            raise Refusal("Aucune charte n'est encore en vigueur.", "1.1")
        self._refuse_stranger(signatory)
        if self.has_signed(signatory):
            raise Refusal("Cette version de la charte est déjà signée.", "1.1")
        self._charter_signed(signatory=signatory, charter=self.charter, timestamp=at)

    def set_standing(self, subject: UUID, standing: Standing, reason: str, at: datetime) -> None:
        """Suspend, exclude, let leave, or reinstate an institution or a referent (articles 1.2, 2.2)."""
        self._refuse_stranger(subject)
        if self.standing_of(subject) is standing:
            raise Refusal("C'est déjà le cas.")
        self._standing_set(subject=subject, standing=standing, reason=reason, timestamp=at)

    def _refuse_stranger(self, identifier: UUID) -> None:
        if identifier not in self.institutions and identifier not in self.referents:
            raise Refusal("Cette personne ou cette institution n'est pas dans l'annuaire.")

    # -- events -----------------------------------------------------------------------------------------------------

    @event("InstitutionAdmitted")
    def _institution_admitted(self, institution: Institution, timestamp: datetime) -> None:
        self.institutions[institution.id] = institution

    @event("ReferentAdmitted")
    def _referent_admitted(self, referent: Referent, timestamp: datetime) -> None:
        self.referents[referent.id] = referent

    @event("GroupKeyMade")
    def _group_key_made(
        self,
        group: UUID,
        kind: GroupKind,
        of: UUID,
        generation: int,
        public_key: bytes,
        members: tuple[UUID, ...],
        timestamp: datetime,
    ) -> None:
        before = self.groups.get(group)
        keys = (
            {**before.public_keys, generation: public_key} if before else {generation: public_key}
        )
        self.groups[group] = Group(
            group, kind, of, generation, public_key, frozenset(members), keys
        )

    @event("GroupKeyShared")
    def _group_key_shared(self, group: UUID, member: UUID, timestamp: datetime) -> None:
        known = self.groups[group]
        self.groups[group] = replace(known, founders=known.founders | {member})

    @event("OnCallNamed")
    def _on_call_named(self, referents: tuple[UUID, ...], timestamp: datetime) -> None:
        self.on_call = frozenset(referents)

    @event("CharterPublished")
    def _charter_published(self, charter: bytes, timestamp: datetime) -> None:
        self.charter = charter

    @event("CharterSigned")
    def _charter_signed(self, signatory: UUID, charter: bytes, timestamp: datetime) -> None:
        self.signatures[signatory] = self.signatures.get(signatory, frozenset()) | {charter}

    @event("StandingSet")
    def _standing_set(
        self, subject: UUID, standing: Standing, reason: str, timestamp: datetime
    ) -> None:
        if self.standing_of(subject).is_over and not standing.is_over:
            self.returned[subject] = self.version + 1
        self.standing[subject] = standing
