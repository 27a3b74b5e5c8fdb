"""Presents a journey to one reader: the bar above its pages, and its names and audiences in words."""

from dataclasses import dataclass
from uuid import UUID

from application.door.readable import ReadableJourney
from application.referent.reading import read_journey, who_consulted
from domain.catalogue import Catalogue
from domain.compartments import Compartment
from domain.grounds import Ground
from domain.holders import Audience as Holders
from domain.journey.code import code_of
from domain.journey.entries import Content
from domain.journey.partners import Participation
from web.drawing import labels
from web.drawing.page import Tone
from web.drawing.words import _
from web.journey.reading.readings import Readings
from web.journey.reading.timeline_views import Audience
from web.journey.reading.views import ConsentState, JourneyBar
from web.site.visit import Visit

DESK = _("astreinte")


def present(visit: Visit, journey: UUID) -> "JourneyPresenter":
    """Consult a journey, in the ledger first, for the page that shows it.

    Raises ``PurposeNeeded``, ``Refused``.
    """
    entered = read_journey(visit.services, visit.session, journey)
    traces = who_consulted(visit.services, entered)
    return JourneyPresenter(visit, ReadableJourney(entered), Readings(visit, traces))


@dataclass(slots=True)
class JourneyPresenter:
    """One journey for one reader. ``readings`` tells who consulted it."""

    visit: Visit
    readable: ReadableJourney
    readings: Readings

    @property
    def catalogue(self) -> Catalogue:
        """The closed lists."""
        return self.visit.services.catalogue

    def title(self, content: Content) -> str:
        """The title of an action: its kind."""
        return labels.kind_title(self.catalogue, content.kind)

    def institution(self, identifier: UUID) -> str:
        """An institution's name."""
        return labels.institution_name(self.visit.network, identifier)

    def audience(self, audience: Holders) -> Audience:
        """The readers, in words. The on-call desk is named if it reads beside the partners."""
        names = [self.institution(institution) for institution in audience.institutions]
        if self.readable.desk_reads(audience):
            names.append(self.visit.gettext(DESK))
        return Audience(
            people=len(audience.persons),
            number=len(self.readable.institutions_of(audience)),
            institutions=tuple(names),
            articles=audience.articles,
            deposit=self.readable.entered.session.referent not in audience.persons,
            waiting=not audience.persons,
        )

    def bar(self) -> JourneyBar:
        """The bar above every page of the journey."""
        entered, readable = self.readable.entered, self.readable
        journey, person = entered.journey, readable.person
        level = readable.danger_level
        values = {
            "known_as": (person is None, Compartment.IDENTITY),
            "safe_contact": (readable.safe_contact is None, Compartment.CONTACT),
            "danger": (level is None, Compartment.DANGER),
        }
        return JourneyBar(
            journey_id=str(journey.id),
            code=code_of(journey.id),
            version=entered.loaded.version,
            lead=self.institution(journey.lead),
            opened_on=entered.network.day(journey.opened_at),
            consent=self._consent(),
            known_as=person.known_as if person else None,
            safe_contact=readable.safe_contact,
            danger_label=labels.title_of(self.catalogue.danger_levels, level),
            danger_tone=labels.DANGER_TONES.get(level or "", Tone.QUIET),
            sealed=tuple(
                name
                for name, (missing, compartment) in values.items()
                if missing and readable.is_sealed(compartment)
            ),
            closed=journey.is_closed,
        )

    def _consent(self) -> ConsentState:
        """The consent that the reader's own part rests on; for the lead, that of all partners' parts."""
        journey, session = self.readable.entered.journey, self.readable.entered.session
        day = self.readable.entered.today
        concerned = [
            partner.institution
            for partner in journey.partners.values()
            if partner.institution != journey.lead
            and partner.participation is not Participation.LEFT
        ]
        if session.institution in concerned:
            concerned = [session.institution]
        bases = [journey.consent_of(institution, day) for institution in concerned]
        grounds = {basis.ground for basis in bases if basis is not None}
        if Ground.PERSON_CONSENT in grounds:
            return ConsentState.IN_FORCE
        if grounds:
            return ConsentState.OTHER_GROUND
        withdrawn = any(
            note.code == "consent_withdrawn" and note.institution in concerned
            for note in journey.frame_notes
        )
        return ConsentState.WITHDRAWN if withdrawn else ConsentState.NONE
