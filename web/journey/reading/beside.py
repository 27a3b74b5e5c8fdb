"""The panels beside a journey's timeline: what awaits, the partners, and the acts open to the reader."""

from domain.compartments import Compartment
from domain.journey.capacities import Capacity
from domain.journey.partners import Participation, Partner
from policies.charter import Act
from policies.grounds import ground_of
from web.drawing import labels
from web.journey.reading.presenter import JourneyPresenter
from web.journey.reading.views import AwaitedItem, JourneyAct, PartnerStatus, PartnerView

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
_ONLY_OPEN = frozenset({JourneyAct.PERSON, JourneyAct.INVITE, JourneyAct.CONSENT, JourneyAct.CLOSE})
"""Acts that a closed journey does not offer."""


def awaited(presenter: JourneyPresenter) -> tuple[AwaitedItem, ...]:
    """The planned actions that await in this journey, by day."""
    me = presenter.readable.entered.session.referent
    today = presenter.visit.today
    return tuple(
        AwaitedItem(
            entry=entry.version,
            title=presenter.title(entry.content),
            due=entry.content.due,
            who=presenter.institution(entry.author.institution),
            mine=entry.author.referent == me,
            tone=labels.urgency(entry.content.due, today),
        )
        for entry in presenter.readable.awaiting()
        if entry.content.due is not None
    )


def partners(presenter: JourneyPresenter) -> tuple[PartnerView, ...]:
    """The institutions of the journey, the lead first."""
    journey, titles = presenter.readable.entered.journey, presenter.catalogue.capacities
    shown = [
        partner
        for partner in journey.partners.values()
        if partner.participation is not Participation.LEFT
    ]
    shown.sort(key=lambda partner: partner.institution != journey.lead)
    return tuple(
        PartnerView(
            presenter.institution(partner.institution),
            _statuses(presenter, partner),
            tuple(titles[capacity].title for capacity in sorted(partner.capacities or ())),
        )
        for partner in shown
    )


def _statuses(presenter: JourneyPresenter, partner: Partner) -> tuple[PartnerStatus, ...]:
    journey = presenter.readable.entered.journey
    statuses: list[PartnerStatus] = []
    if partner.institution == journey.lead:
        statuses.append(PartnerStatus.LEAD)
    elif partner.participation is Participation.INVITED:
        statuses.append(PartnerStatus.INVITED)
    else:
        statuses.append(PartnerStatus.JOINED)
    if partner.institution != journey.lead and partner.basis is None:
        statuses.append(PartnerStatus.CONSENT_WITHDRAWN)
    if partner.institution in journey.restrictions:
        statuses.append(PartnerStatus.RESTRICTED)
    may = presenter.visit.network.institutions[partner.institution].may
    if partner.capacities is None and any(capacity in may for capacity in Capacity):
        statuses.append(PartnerStatus.CAPACITIES_UNSAID)
    if presenter.readable.awaits_key(partner.institution):
        statuses.append(PartnerStatus.KEY_PENDING)
    return tuple(statuses)


def may_answer(presenter: JourneyPresenter) -> bool:
    """Whether the reader's institution is invited, and may accept."""
    entered = presenter.readable.entered
    return entered.ask(Act.JOIN).allowed and not entered.journey.is_closed


def acts(presenter: JourneyPresenter) -> tuple[JourneyAct, ...]:
    """The acts on the whole journey that are open to the reader."""
    entered = presenter.readable.entered
    closed = entered.journey.is_closed
    allowed = {act for act, asked in _ACTS.items() if entered.ask(asked).allowed}
    if any(
        presenter.readable.may_write(compartment, ground_of(compartment)).allowed
        for compartment in (Compartment.IDENTITY, Compartment.CONTACT)
    ):
        allowed.add(JourneyAct.PERSON)
    if may_answer(presenter):
        # An invited institution declines: there is nothing to leave yet.
        allowed.discard(JourneyAct.LEAVE)
    return tuple(act for act in JourneyAct if act in allowed and not (closed and act in _ONLY_OPEN))
