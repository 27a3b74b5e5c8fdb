"""A journey, from what its reader may see to the page's view models."""

from dataclasses import dataclass

from application.door.sight import Sight
from domain.catalogue import Catalogue
from domain.compartments import Compartment
from domain.holders import Audience as Holders
from domain.journey.capacities import Capacity
from domain.journey.code import code_of
from domain.journey.entries import Content, Entry, SealedEntry
from domain.journey.journey import FrameNote
from domain.journey.partners import Participation, Partner
from policies.charter import Act
from policies.grounds import ground_of
from web.drawing import labels
from web.drawing.articles import why
from web.drawing.page import Tone
from web.drawing.words import _
from web.journey.readings import Readings
from web.journey.views import (
    Audience,
    AwaitedItem,
    ConsentState,
    EntryView,
    FrameNoteView,
    JourneyAct,
    JourneyBar,
    PartnerStatus,
    PartnerView,
    SealedView,
    Struck,
    TimelineItem,
)
from web.site.visit import Visit

DESK = _("astreinte")
_SAYING = _(" : ")
NOTHING = _("ni soins, ni action sociale, ni hébergement")
"""What is said of a partner that does none of what opens a compartment."""
_CONSENT = "person_consent"

_NOTES = {
    "opened": _("a ouvert le suivi"),
    "invited": _("a invité %(institution)s"),
    "joined": _("prend part au suivi"),
    "left": _("ne prend plus part au suivi : %(detail)s"),
    "consent_given": _("a inscrit ce que la personne partage avec %(institution)s"),
    "consent_withdrawn": _("a inscrit le retrait de l’accord pour %(institution)s"),
    "capacities_stated": _("a dit ce que %(institution)s fait pour la personne"),
    "restricted": _("a restreint %(institution)s à des référents nommés"),
    "closed": _("a clos le suivi : %(detail)s"),
    "reopened": _("a rouvert le suivi : %(detail)s"),
}
_ACTS = {
    JourneyAct.INVITE: Act.INVITE,
    JourneyAct.CONSENT: Act.GIVE_CONSENT,
    JourneyAct.CAPACITIES: Act.STATE_CAPACITIES,
    JourneyAct.RESTRICT: Act.RESTRICT,
    JourneyAct.CLOSE: Act.CLOSE,
    JourneyAct.REOPEN: Act.REOPEN,
    JourneyAct.LEAVE: Act.LEAVE,
    JourneyAct.SUMMARY: Act.COMPOSE_SUMMARY,
}


@dataclass(slots=True)
class JourneyPresenter:
    """Presents one journey to one reader; ``readings`` are who consulted it."""

    visit: Visit
    sight: Sight
    readings: Readings

    @property
    def _catalogue(self) -> Catalogue:
        return self.visit.services.catalogue

    # -- the bar --------------------------------------------------------------------------------

    def bar(self) -> JourneyBar:
        """What stands above every page of the journey."""
        entered, sight = self.sight.entered, self.sight
        journey, person = entered.journey, sight.person
        level = sight.danger_level
        values = {
            "known_as": (person is None, Compartment.IDENTITY),
            "safe_contact": (sight.safe_contact is None, Compartment.CONTACT),
            "danger": (level is None, Compartment.DANGER),
        }
        return JourneyBar(
            journey_id=str(journey.id),
            code=code_of(journey.id),
            version=entered.loaded.version,
            lead=self.institution(journey.lead),
            opened_on=labels.local_day(journey.opened_at, self.visit.now),
            consent=self._consent(),
            known_as=person.known_as if person else None,
            safe_contact=sight.safe_contact,
            danger_label=labels.title_of(self._catalogue.danger_levels, level),
            danger_tone=labels.DANGER_TONES.get(level or "", Tone.QUIET),
            sealed=tuple(
                name
                for name, (missing, compartment) in values.items()
                if missing and sight.is_sealed(compartment)
            ),
            closed=journey.is_closed,
        )

    def _consent(self) -> ConsentState:
        """What the reader's own part rests on; for who leads, what the partners' rests on."""
        journey, session = self.sight.entered.journey, self.sight.entered.session
        day = self.sight.entered.at.date()
        concerned = [
            one.institution
            for one in journey.partners.values()
            if one.institution != journey.lead and one.participation is not Participation.LEFT
        ]
        if session.institution in concerned:
            concerned = [session.institution]
        bases = [journey.consent_of(one, day) for one in concerned]
        grounds = {basis.ground for basis in bases if basis is not None}
        if _CONSENT in grounds:
            return ConsentState.IN_FORCE
        if grounds:
            return ConsentState.OTHER_GROUND
        withdrawn = any(
            note.code == "consent_withdrawn" and note.institution in concerned
            for note in journey.frame_notes
        )
        return ConsentState.WITHDRAWN if withdrawn else ConsentState.NONE

    # -- the timeline ---------------------------------------------------------------------------

    def timeline(self) -> list[TimelineItem]:
        """Everything of the journey, newest first."""
        journey = self.sight.entered.journey
        awaiting = {entry.version for entry in self.sight.awaiting()}
        items: list[TimelineItem] = [
            self.entry(one, awaiting=one.version in awaiting)
            if isinstance(one, Entry)
            else self._sealed(one)
            for one in self.sight.entries()
        ]
        items += [self._note(note) for note in journey.frame_notes]
        return sorted(items, key=lambda item: -item.version)

    def entry(self, entry: Entry, *, awaiting: bool = False) -> EntryView:
        """One entry that may be read."""
        content = entry.content
        audience = self.sight.audience_of_entry(entry)
        own = entry.author.institution == self.sight.entered.session.institution
        open_to_change = own and entry.withdrawn_for is None
        completed = None if content.completes is None else self.sight.entry(content.completes)
        return EntryView(
            version=entry.version,
            at=entry.at,
            day=labels.local_day(entry.at, self.visit.now),
            title=self.title(content),
            institution=self.institution(entry.author.institution),
            person=labels.referent_name(self.visit.network, entry.author.referent),
            compartment_label=entry.compartment.label,
            text=content.text,
            occurred_on=content.occurred_on,
            audience=self.audience(audience),
            readers=self.readings.of_entry(entry, audience),
            due=content.due,
            awaiting=awaiting,
            completes_title=self.title(completed.content) if completed else None,
            level_label=labels.title_of(self._catalogue.danger_levels, content.level),
            ground_label=labels.title_of(self._catalogue.grounds, entry.ground),
            tone=self._tone(entry, awaiting=awaiting),
            history=tuple(
                Struck(self.title(old), old.text, old.occurred_on) for old in entry.history
            ),
            withdrawn_label=labels.title_of(
                self._catalogue.withdrawal_reasons, entry.withdrawn_for
            ),
            may_correct=open_to_change and self._allows(Act.CORRECT, entry.compartment),
            may_withdraw=open_to_change and self._allows(Act.WITHDRAW, entry.compartment),
        )

    def title(self, content: Content) -> str:
        """What kind of action it is."""
        return labels.kind_title(self._catalogue, content.kind)

    def institution(self, identifier: object) -> str:
        """An institution's name."""
        return labels.institution_name(self.visit.network, identifier)  # type: ignore[arg-type]

    def audience(self, audience: Holders) -> Audience:
        """Who reads, in words. The on-call desk is named where it reads beside the partners."""
        names = [self.institution(one) for one in audience.institutions]
        if self.sight.desk_reads(audience):
            names.append(self.visit.gettext(DESK))
        return Audience(
            people=len(audience.persons),
            number=len(self.sight.institutions_of(audience)),
            institutions=tuple(names),
            articles=audience.articles,
            deposit=self.sight.entered.session.referent not in audience.persons,
            waiting=not audience.persons,
        )

    def _tone(self, entry: Entry, *, awaiting: bool) -> Tone:
        if entry.content.level:
            return labels.DANGER_TONES.get(entry.content.level, Tone.QUIET)
        if entry.compartment is Compartment.DANGER:
            return Tone.DANGER
        return Tone.SOON if awaiting else Tone.ACCENT

    def _allows(self, act: Act, compartment: Compartment) -> bool:
        return self.sight.entered.ask(act, compartment, is_author_institution=True).allowed

    def _sealed(self, sealed: SealedEntry) -> SealedView:
        if sealed.compartment is None:
            reason, article = _("Vous n’avez pas la clé de cette inscription."), None
        else:
            decision = self.sight.reads(sealed.compartment)
            if decision.allowed:
                reason, article = _("La clé vous est due : elle est en attente."), None
            else:
                reason = why(self.visit.services.charter, decision, sealed.compartment)
                article = decision.articles[0]
        label = sealed.compartment.label if sealed.compartment else None
        return SealedView(sealed.version, sealed.day, label, reason, article)

    def _note(self, note: FrameNote) -> FrameNoteView:
        return FrameNoteView(
            version=note.version,
            at=note.at,
            day=labels.local_day(note.at, self.visit.now),
            person=labels.referent_name(self.visit.network, note.author.referent),
            institution=self.institution(note.author.institution),
            what=self.note_words(note),
        )

    def note_words(self, note: FrameNote) -> str:
        """What a frame entry says, without who."""
        details = {
            "left": self._catalogue.leaving_reasons,
            "closed": self._catalogue.closing_reasons,
        }
        detail = note.detail
        if note.code in details:
            label = labels.title_of(details[note.code], detail)
            detail = self.visit.gettext(label) if label else ""
        institution = self.institution(note.institution) if note.institution else ""
        sentence = self.visit.gettext(_NOTES[note.code])
        said = sentence % {"institution": institution, "detail": detail}
        does = [
            self.visit.gettext(self._catalogue.capacities[one].title)
            for one in sorted(note.capacities)
        ]
        if note.code == "capacities_stated" and not does:
            does = [self.visit.gettext(NOTHING)]
        return self.visit.gettext(_SAYING).join([said, ", ".join(does)] if does else [said])

    # -- beside ---------------------------------------------------------------------------------

    def awaited(self) -> tuple[AwaitedItem, ...]:
        """What awaits in this journey, by day."""
        me = self.sight.entered.session.referent
        today = self.visit.now.date()
        return tuple(
            AwaitedItem(
                entry=one.version,
                title=self.title(one.content),
                due=one.content.due,
                who=self.institution(one.author.institution),
                mine=one.author.referent == me,
                tone=labels.urgency(one.content.due, today),
            )
            for one in self.sight.awaiting()
            if one.content.due is not None
        )

    def partners(self) -> tuple[PartnerView, ...]:
        """The institutions of the journey, who leads it first."""
        journey = self.sight.entered.journey
        shown = [
            one for one in journey.partners.values() if one.participation is not Participation.LEFT
        ]
        shown.sort(key=lambda one: one.institution != journey.lead)
        return tuple(
            PartnerView(
                self.institution(one.institution),
                self._statuses(one),
                tuple(
                    self._catalogue.capacities[each].title for each in sorted(one.capacities or ())
                ),
            )
            for one in shown
        )

    def _statuses(self, partner: Partner) -> tuple[PartnerStatus, ...]:
        journey = self.sight.entered.journey
        found: list[PartnerStatus] = []
        if partner.institution == journey.lead:
            found.append(PartnerStatus.LEAD)
        elif partner.participation is Participation.INVITED:
            found.append(PartnerStatus.INVITED)
        else:
            found.append(PartnerStatus.JOINED)
        if partner.institution != journey.lead and partner.basis is None:
            found.append(PartnerStatus.CONSENT_WITHDRAWN)
        if partner.institution in journey.restrictions:
            found.append(PartnerStatus.RESTRICTED)
        may = self.visit.network.institutions[partner.institution].may
        if partner.capacities is None and any(one in may for one in Capacity):
            found.append(PartnerStatus.CAPACITIES_UNSAID)
        if self.sight.awaits_key(partner.institution):
            found.append(PartnerStatus.KEY_PENDING)
        return tuple(found)

    @property
    def may_answer(self) -> bool:
        """Whether the reader's institution is invited, and may accept."""
        entered = self.sight.entered
        return entered.ask(Act.JOIN).allowed and not entered.journey.is_closed

    def acts(self) -> tuple[JourneyAct, ...]:
        """What the reader may do with the whole journey."""
        entered = self.sight.entered
        closed = entered.journey.is_closed
        found = {act for act, asked in _ACTS.items() if entered.ask(asked).allowed}
        if any(
            self.sight.may_write(one, ground_of(one)).allowed
            for one in (Compartment.IDENTITY, Compartment.CONTACT)
        ):
            found.add(JourneyAct.PERSON)
        if self.may_answer:
            # Who is invited declines: there is nothing to leave yet.
            found.discard(JourneyAct.LEAVE)
        only_open = {JourneyAct.PERSON, JourneyAct.INVITE, JourneyAct.CONSENT, JourneyAct.CLOSE}
        return tuple(
            act for act in JourneyAct if act in found and not (closed and act in only_open)
        )
