"""A journey: one victim's support, as the partners of a network record it together.

Public methods decide and refuse; private ``@event`` methods only apply, since their bodies run again at every load.
What decides is in the frame, which every partner reads whole: no rule is computed from what may be sealed to a reader.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Self
from uuid import UUID

from eventsourcing.domain import Aggregate, event

from domain.author import Author
from domain.compartments import Compartment
from domain.journey.capacities import Capacity
from domain.journey.entries import Content, Entry, FrameNote, Person, SealedEntry
from domain.journey.partners import Basis, Information, Participation, Partner, Restriction
from domain.refusals import InvalidValue, JourneyClosed, Refusal

TEXT_LIMIT = 4_000
"""Characters of free text in one entry: short by article 7.1."""

NAME_LIMIT = 200
"""Characters of a name."""

REVIEW_LIMIT = timedelta(days=30)
"""A deferred information is looked at again within 30 days (article 8.1)."""


class Journey(Aggregate):
    """One victim's support journey (one event-sourced aggregate)."""

    class JourneyOpened(Aggregate.Created):
        """A journey was opened. Version 2 says in what capacity its lead takes part; version 1 did not."""

        class_version = 2

        network: UUID
        author: Author
        information: Information
        capacities: frozenset[Capacity] | None

        @staticmethod
        def upcast_v1_v2(state: dict[str, Any]) -> None:
            """Version 1 did not ask."""
            state["capacities"] = None

    class PartnerInvited(Aggregate.Event):
        """An institution was invited. Version 2 says whether the basis opens the past, version 3 in what capacity it
        is invited."""

        class_version = 3

        author: Author
        institution: UUID
        basis: Basis
        capacities: frozenset[Capacity] | None

        @staticmethod
        def upcast_v1_v2(state: dict[str, Any]) -> None:
            """Version 1 said nothing of the past: it stayed closed."""
            state["basis"].setdefault("includes_past", False)

        @staticmethod
        def upcast_v2_v3(state: dict[str, Any]) -> None:
            """Version 2 did not ask in what capacity."""
            state["capacities"] = None

    @classmethod
    def open(
        cls,
        network: UUID,
        author: Author,
        information: Information,
        at: datetime,
        capacities: frozenset[Capacity] = frozenset(),
    ) -> Self:
        """Open a journey, once it is recorded how the person was told, or why not yet (article 8.1)."""
        _refuse_information(information, at)
        return cls(
            network=network,
            author=author,
            information=information,
            capacities=capacities,
            timestamp=at,
        )

    @event(JourneyOpened)
    def __init__(
        self,
        network: UUID,
        author: Author,
        information: Information,
        capacities: frozenset[Capacity] | None,
        timestamp: datetime,
    ) -> None:
        self.network = network
        self.lead = author.institution
        self.opened_at = timestamp
        self.information = information
        self.closed_for: str | None = None
        self.partners: dict[UUID, Partner] = {
            author.institution: Partner(
                author.institution,
                Participation.JOINED,
                None,
                1,
                capacities=_from(1, capacities),
            )
        }
        self.restrictions: dict[UUID, Restriction] = {}
        self.entries: dict[int, Entry | SealedEntry] = {}
        self.frame_notes: list[FrameNote] = [
            FrameNote(1, "opened", timestamp, author, capacities=capacities or frozenset())
        ]
        self.person: Person | None = None
        self.safe_contact: str | None = None
        self._planned: dict[int, Entry] = {}
        self._completing: dict[int, Entry] = {}

    # -- what may be asked ------------------------------------------------------------------------------------------

    @property
    def is_closed(self) -> bool:
        """Whether the journey takes no entry."""
        return self.closed_for is not None

    @property
    def danger_level(self) -> str | None:
        """The level of danger that was written last and still stands; ``None`` where none was, or all are sealed."""
        return next(
            (
                entry.content.level
                for entry in reversed(self.entries.values())
                if isinstance(entry, Entry) and entry.withdrawn_for is None and entry.content.level
            ),
            None,
        )

    def takes_part(self, institution: UUID) -> bool:
        """Whether the institution is invited or has joined, and has not left."""
        partner = self.partners.get(institution)
        return partner is not None and partner.participation is not Participation.LEFT

    def is_shut_out(self, referent: UUID) -> bool:
        """Whether the referent is excluded by a restriction (article 11.1)."""
        return any(referent in restriction.shut_out for restriction in self.restrictions.values())

    def consent_of(self, institution: UUID, day: date) -> Basis | None:
        """The basis in force that day for a partner, if any."""
        partner = self.partners.get(institution)
        if partner is None or partner.participation is Participation.LEFT or partner.basis is None:
            return None
        return partner.basis if partner.basis.in_force(day) else None

    def awaiting(self) -> list[Entry]:
        """Planned actions that nobody completed or withdrew, by due day."""
        done = {
            entry.content.completes
            for entry in self._completing.values()
            if entry.withdrawn_for is None
        }
        left = [
            entry
            for entry in self._planned.values()
            if entry.withdrawn_for is None and entry.version not in done
        ]
        return sorted(left, key=lambda entry: (entry.content.due or date.max, entry.version))

    # -- partners ---------------------------------------------------------------------------------------------------

    def invite(
        self,
        author: Author,
        institution: UUID,
        basis: Basis,
        at: datetime,
        capacities: frozenset[Capacity] = frozenset(),
    ) -> None:
        """Invite an institution, under the person's consent or another ground (articles 8.2, 8.3), in the capacities
        given."""
        self._refuse_if_closed()
        if self.takes_part(institution):
            raise Refusal("Cette institution prend déjà part au suivi.")
        self._refuse_basis(basis, at)
        self._partner_invited(
            author=author,
            institution=institution,
            basis=basis,
            capacities=capacities,
            timestamp=at,
        )

    def join(self, author: Author, at: datetime) -> None:
        """Accept an invitation."""
        self._refuse_if_closed()
        partner = self.partners.get(author.institution)
        if partner is None or partner.participation is not Participation.INVITED:
            raise Refusal("Cette invitation n'attend plus de réponse.")
        self._partner_joined(author=author, timestamp=at)

    def leave(self, author: Author, reason: str, at: datetime) -> None:
        """Stop taking part by choice, or decline an invitation. The lead stays."""
        if not self.takes_part(author.institution):
            raise Refusal("Votre institution ne prend plus part à ce suivi.")
        if author.institution == self.lead:
            raise Refusal("L'institution pilote ne peut pas quitter le suivi : elle le clôt.")
        self._partner_left(
            author=author, institution=author.institution, reason=reason, timestamp=at
        )

    # -- capacity ---------------------------------------------------------------------------------------------------

    def state_capacities(
        self, author: Author, institution: UUID, capacities: frozenset[Capacity], at: datetime
    ) -> None:
        """Say what a partner does for the person from now on (articles 5.1, 5.2, 6.2): all of it, whatever was said.

        In a closed journey something may be taken away, and nothing added.
        """
        if not self.takes_part(institution):
            raise Refusal(
                "Cette institution ne prend pas part au suivi : invitez-la en disant à quel titre."
            )
        partner = self.partners[institution]
        if partner.capacities is not None and partner.capacities.keys() == capacities:
            raise InvalidValue(
                "capacities", "Rien ne change : cochez ce que fait ce partenaire, et cela seul."
            )
        if not all(map(partner.acts_in, capacities)):
            self._refuse_if_closed()
        self._capacities_stated(
            author=author, institution=institution, capacities=capacities, timestamp=at
        )

    # -- consent ----------------------------------------------------------------------------------------------------

    def give_consent(self, author: Author, institution: UUID, basis: Basis, at: datetime) -> None:
        """Record the consent (or other ground) in force from now for a partner; it replaces the one before."""
        self._refuse_if_closed()
        if not self.takes_part(institution):
            raise Refusal(
                "L'accord se donne pour chaque partenaire : invitez d'abord cette institution.",
                "8.2",
            )
        if institution == self.lead:
            raise Refusal(
                "L'institution pilote n'a pas besoin d'accord pour poursuivre son aide.", "8.4"
            )
        self._refuse_basis(basis, at)
        self._consent_given(author=author, institution=institution, basis=basis, timestamp=at)

    def withdraw_consent(self, author: Author, institution: UUID, at: datetime) -> None:
        """Record that the person withdrew her consent for a partner: it takes effect at once (article 8.2)."""
        partner = self.partners.get(institution)
        if partner is None or partner.basis is None:
            raise Refusal("Aucun accord n'est en vigueur pour cette institution.", "8.2")
        self._consent_withdrawn(author=author, institution=institution, timestamp=at)

    # -- restriction ------------------------------------------------------------------------------------------------

    def restrict(
        self, author: Author, group: UUID, small_group: UUID, shut_out: Iterable[UUID], at: datetime
    ) -> None:
        """Let a group take part through a small group of its other members only (article 11.1)."""
        excluded = frozenset(shut_out)
        if not excluded:
            raise InvalidValue("shut_out", "Choisissez au moins une personne à tenir à l'écart.")
        if author.referent in excluded:
            raise Refusal(
                "On ne se tient pas soi-même à l'écart : demandez-le à un·e collègue.", "11.1"
            )
        self._restricted(
            author=author, group=group, small_group=small_group, shut_out=excluded, timestamp=at
        )

    # -- entries ----------------------------------------------------------------------------------------------------

    def append_action(
        self, author: Author, compartment: Compartment, content: Content, ground: str, at: datetime
    ) -> None:
        """Record what a partner did or plans, in one compartment, on one ground."""
        self._refuse_if_closed()
        self._refuse_content(compartment, content, at)
        self._refuse_completing(content, None)
        self._action_appended(
            author=author, compartment=compartment, content=content, ground=ground, timestamp=at
        )

    def correct_action(self, author: Author, version: int, content: Content, at: datetime) -> None:
        """Correct an entry of one's own institution: the original stays readable as struck (article 9.2)."""
        self._refuse_if_closed()
        entry = self._own_entry(author, version)
        self._refuse_content(entry.compartment, content, at)
        self._refuse_completing(content, version)
        self._action_corrected(
            author=author,
            compartment=entry.compartment,
            version=version,
            content=content,
            timestamp=at,
        )

    def withdraw_action(self, author: Author, version: int, reason: str, at: datetime) -> None:
        """Withdraw an entry of one's own institution; it stays in the order, struck, with its reason."""
        self._refuse_if_closed()
        entry = self._own_entry(author, version)
        self._action_withdrawn(
            author=author,
            compartment=entry.compartment,
            version=version,
            reason=reason,
            timestamp=at,
        )

    def record_person(self, author: Author, person: Person, at: datetime) -> None:
        """Record who the person is (identity)."""
        self._refuse_if_closed()
        if not person.known_as.strip():
            raise InvalidValue(
                "known_as", "Indiquez comment la personne est connue, par exemple « Mme A. »."
            )
        for name in ("known_as", "surname", "first_name"):
            if len(getattr(person, name)) > NAME_LIMIT:
                raise InvalidValue(name, f"Ce nom dépasse {NAME_LIMIT} caractères.")
        if person.birth_date is not None and person.birth_date > at.date():
            raise InvalidValue("birth_date", "La date de naissance est à venir.")
        self._person_recorded(author=author, person=person, timestamp=at)

    def record_safe_contact(self, author: Author, text: str, at: datetime) -> None:
        """Record how and when the person can be reached without danger (contact)."""
        self._refuse_if_closed()
        if not text.strip() or len(text) > TEXT_LIMIT:
            raise InvalidValue("safe_contact", "Indiquez comment la joindre sans danger.")
        self._safe_contact_recorded(author=author, text=text, timestamp=at)

    # -- closing ----------------------------------------------------------------------------------------------------

    def close(self, author: Author, reason: str, at: datetime) -> None:
        """Close the journey: it stays readable and takes no entry."""
        self._refuse_if_closed()
        self._journey_closed(author=author, reason=reason, timestamp=at)

    def reopen(self, author: Author, reason: str, at: datetime) -> None:
        """Open a closed journey again."""
        if not self.is_closed:
            raise Refusal("Ce suivi n'est pas clos.")
        self._journey_reopened(author=author, reason=reason, timestamp=at)

    # -- rules ------------------------------------------------------------------------------------------------------

    def _refuse_if_closed(self) -> None:
        if self.is_closed:
            raise JourneyClosed

    def _own_entry(self, author: Author, version: int) -> Entry:
        entry = self.entries.get(version)
        if not isinstance(entry, Entry):
            raise Refusal("Cette inscription n'existe pas ou ne vous est pas ouverte.", "2.1")
        if entry.author.institution != author.institution:
            raise Refusal("Seule l'institution qui a inscrit peut corriger ou retirer.", "9.2")
        if entry.withdrawn_for is not None:
            raise Refusal("Cette inscription a déjà été retirée.")
        return entry

    def _refuse_completing(self, content: Content, itself: int | None) -> None:
        completed = content.completes
        if completed is not None and (completed not in self.entries or completed == itself):
            raise InvalidValue("completes", "L'action à terminer n'existe pas dans ce suivi.")

    @staticmethod
    def _refuse_basis(basis: Basis, at: datetime) -> None:
        if not basis.scope:
            raise InvalidValue("scope", "Choisissez au moins un volet à partager.")
        if basis.until is not None and basis.until < at.date():
            raise InvalidValue("until", "La date de fin est déjà passée.")
        if basis.ground != "person_consent" and not basis.told.strip():
            raise InvalidValue("told", "Sans accord, indiquez ce qui a été dit à la personne.")

    @staticmethod
    def _refuse_content(compartment: Compartment, content: Content, at: datetime) -> None:
        if compartment in (Compartment.FRAME, Compartment.IDENTITY, Compartment.CONTACT):
            raise InvalidValue(
                "compartment", "Ce volet ne reçoit pas d'action : choisissez-en un autre."
            )
        if not content.text.strip() and content.level is None:
            raise InvalidValue("text", "Écrivez des faits, des dates, des paroles citées.")
        if len(content.text) > TEXT_LIMIT:
            raise InvalidValue(
                "text", f"Le texte dépasse {TEXT_LIMIT} caractères : allez à l'essentiel."
            )
        if content.due is None and content.occurred_on > at.date():
            raise InvalidValue(
                "occurred_on", "Cette date est à venir : inscrivez l'action comme prévue."
            )

    # -- events -----------------------------------------------------------------------------------------------------

    @event(PartnerInvited)
    def _partner_invited(
        self,
        author: Author,
        institution: UUID,
        basis: Basis,
        capacities: frozenset[Capacity] | None,
        timestamp: datetime,
    ) -> None:
        version = self._next_version()
        self.partners[institution] = Partner(
            institution,
            Participation.INVITED,
            basis,
            version,
            dict.fromkeys(basis.scope, version),
            author.institution,
            _from(version, capacities),
        )
        self._note("invited", author, timestamp, institution, basis.ground, capacities)

    @event("PartnerJoined")
    def _partner_joined(self, author: Author, timestamp: datetime) -> None:
        partner = self.partners[author.institution]
        self.partners[author.institution] = replace(partner, participation=Participation.JOINED)
        self._note("joined", author, timestamp, author.institution)

    @event("PartnerLeft")
    def _partner_left(
        self, author: Author, institution: UUID, reason: str, timestamp: datetime
    ) -> None:
        partner = self.partners[institution]
        self.partners[institution] = replace(partner, participation=Participation.LEFT)
        self._note("left", author, timestamp, institution, reason)

    @event("CapacitiesStated")
    def _capacities_stated(
        self,
        author: Author,
        institution: UUID,
        capacities: frozenset[Capacity],
        timestamp: datetime,
    ) -> None:
        partner = self.partners[institution]
        before = partner.capacities
        if before is None:
            before = dict.fromkeys(Capacity, partner.since)
        self.partners[institution] = replace(
            partner,
            capacities={one: before.get(one, self._next_version()) for one in sorted(capacities)},
        )
        self._note("capacities_stated", author, timestamp, institution, capacities=capacities)

    @event("ConsentGiven")
    def _consent_given(
        self, author: Author, institution: UUID, basis: Basis, timestamp: datetime
    ) -> None:
        partner = self.partners[institution]
        unbroken = partner.basis is not None and partner.basis.goes_on_as(basis, timestamp.date())
        before = partner.shared_since if unbroken else {}
        self.partners[institution] = replace(
            partner,
            basis=basis,
            shared_since={
                compartment: before.get(compartment, self._next_version())
                for compartment in basis.scope
            },
        )
        self._note("consent_given", author, timestamp, institution, basis.ground)

    @event("ConsentWithdrawn")
    def _consent_withdrawn(self, author: Author, institution: UUID, timestamp: datetime) -> None:
        self.partners[institution] = replace(
            self.partners[institution], basis=None, shared_since={}
        )
        self._note("consent_withdrawn", author, timestamp, institution)

    @event("Restricted")
    def _restricted(
        self,
        author: Author,
        group: UUID,
        small_group: UUID,
        shut_out: frozenset[UUID],
        timestamp: datetime,
    ) -> None:
        before = self.restrictions.get(group)
        everyone = shut_out | before.shut_out if before else shut_out
        former = before.former | {before.small_group} if before else frozenset()
        self.restrictions[group] = Restriction(
            group, small_group, everyone, self._next_version(), former
        )
        self._note("restricted", author, timestamp, group)

    @event("ActionAppended")
    def _action_appended(
        self,
        author: Author,
        compartment: Compartment,
        content: Content,
        ground: str,
        timestamp: datetime,
    ) -> None:
        version = self._next_version()
        entry = Entry(version, compartment, timestamp, author, content, ground)
        self.entries[version] = entry
        self._follow(entry)

    @event("ActionCorrected")
    def _action_corrected(
        self,
        author: Author,
        compartment: Compartment,
        version: int,
        content: Content,
        timestamp: datetime,
    ) -> None:
        entry = self.entries.get(version)
        if isinstance(entry, Entry):
            entry.history.append(entry.content)
            entry.content = content
            self._follow(entry)

    @event("ActionWithdrawn")
    def _action_withdrawn(
        self,
        author: Author,
        compartment: Compartment,
        version: int,
        reason: str,
        timestamp: datetime,
    ) -> None:
        entry = self.entries.get(version)
        if isinstance(entry, Entry):
            entry.withdrawn_for = reason

    @event("PersonRecorded")
    def _person_recorded(self, author: Author, person: Person, timestamp: datetime) -> None:
        self.person = person

    @event("SafeContactRecorded")
    def _safe_contact_recorded(self, author: Author, text: str, timestamp: datetime) -> None:
        self.safe_contact = text

    @event("JourneyClosed")
    def _journey_closed(self, author: Author, reason: str, timestamp: datetime) -> None:
        self.closed_for = reason
        self._note("closed", author, timestamp, detail=reason)

    @event("JourneyReopened")
    def _journey_reopened(self, author: Author, reason: str, timestamp: datetime) -> None:
        self.closed_for = None
        self._note("reopened", author, timestamp, detail=reason)

    def seal(self, version: int, lock: int | None, day: date | None) -> None:
        """Fold in an entry that this reader has no key to: its place is kept, its content is not known."""
        compartment = None if lock is None else Compartment.from_code(lock)
        self.entries[version] = SealedEntry(version, compartment, day)

    def _follow(self, entry: Entry) -> None:
        """Keep what is planned and what completes it at hand: a journey is asked what awaits at every writing."""
        if entry.content.due is not None:
            self._planned[entry.version] = entry
        else:
            self._planned.pop(entry.version, None)
        if entry.content.completes is not None:
            self._completing[entry.version] = entry
        else:
            self._completing.pop(entry.version, None)

    def _next_version(self) -> int:
        return self.version + 1

    def _note(
        self,
        code: str,
        author: Author,
        at: datetime,
        institution: UUID | None = None,
        detail: str = "",
        capacities: frozenset[Capacity] | None = None,
    ) -> None:
        self.frame_notes.append(
            FrameNote(
                self._next_version(),
                code,
                at,
                author,
                institution,
                detail,
                capacities or frozenset(),
            )
        )


def _from(version: int, capacities: frozenset[Capacity] | None) -> dict[Capacity, int] | None:
    """What an institution does for the person, from a version on; ``None`` where nobody was asked."""
    return None if capacities is None else dict.fromkeys(sorted(capacities), version)


def _refuse_information(information: Information, at: datetime) -> None:
    """Told, with day, manner and language; or deferred for a coded reason, to be looked at within 30 days."""
    today = at.date()
    if information.deferred_for is not None:
        review = information.review_on
        if review is None or not today <= review <= today + REVIEW_LIMIT:
            raise InvalidValue("review_on", "Fixez une date de réexamen dans les 30 jours.")
        return
    if information.given_on is None or information.given_on > today:
        raise InvalidValue(
            "given_on", "Indiquez quand la personne a été informée, ou pourquoi pas encore."
        )
    if not information.manner:
        raise InvalidValue("manner", "Indiquez comment la personne a été informée.")
    if not information.language:
        raise InvalidValue("language", "Indiquez dans quelle langue la personne a été informée.")


COMPARTMENT_OF_EVENT: Mapping[str, Compartment] = {
    "PersonRecorded": Compartment.IDENTITY,
    "SafeContactRecorded": Compartment.CONTACT,
}
"""Events whose compartment is fixed by what they say; those with a ``compartment`` of their own name it, all others
are frame entries."""


def compartment_of(journey_event: object) -> Compartment:
    """The compartment that a journey's event is sealed in."""
    named: Compartment | None = getattr(journey_event, "compartment", None)
    if named is not None:
        return named
    return COMPARTMENT_OF_EVENT.get(type(journey_event).__name__, Compartment.FRAME)
