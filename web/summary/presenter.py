"""Judicial summaries, from what the application answers to their pages."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from application.door.summary import EnteredSummary
from application.referent.composing import Candidate
from application.referent.summaries import SummaryRow
from domain.author import Author
from domain.catalogue import ground_title
from domain.compartments import SHARED, Compartment, InformationClass
from domain.journey.code import code_of
from domain.journey.entries import SealedEntry
from domain.summary.approvals import Approval
from domain.summary.parts import NEVER_IN_A_SUMMARY, Part, SummaryItem
from domain.summary.summary import Summary
from web.drawing import labels
from web.drawing.articles import why
from web.drawing.page import Choice
from web.drawing.words import _
from web.journey.presenter import JourneyPresenter
from web.site.visit import Visit
from web.summary import views

SCOPES = tuple(one for one in SHARED if one not in NEVER_IN_A_SUMMARY)
"""The compartments that a requisition can ask for."""

CLASSES = {
    InformationClass.FACTUAL: _("information factuelle"),
    InformationClass.CONFIDENTIAL: _("information confidentielle"),
    InformationClass.LOCATION: _("localisation"),
    InformationClass.SOCIAL_SECRET: _("secret social"),
    InformationClass.MEDICAL_SECRET: _("secret médical"),
    InformationClass.CHILD_PROTECTION: _("protection de l’enfance"),
    InformationClass.OFFENCE_DATA: _("données d’infraction"),
}
_CLASS_ARTICLES = {
    InformationClass.FACTUAL: ("4.2", "14.2"),
    InformationClass.CONFIDENTIAL: ("4.1", "14.2"),
    InformationClass.LOCATION: ("6.2",),
    InformationClass.SOCIAL_SECRET: ("5.1", "14.2"),
    InformationClass.MEDICAL_SECRET: ("5.2", "14.2"),
    InformationClass.CHILD_PROTECTION: ("5.5", "14.2"),
    InformationClass.OFFENCE_DATA: ("6.1", "14.2"),
}
_TITLE_OF_REQUISITION = _("Réquisition judiciaire")
"""What ``ground_title`` says of a requisition, which is in no list of the catalogue: named here for its English."""

_SEALED_TO_COMPOSER = _("scellée pour qui compose ; un partenaire qui la lit peut la joindre")
_NOT_APPROVED = _("non approuvée par l’institution qui l’a écrite")


def name(visit: Visit, institution: UUID) -> str:
    """The name of an institution."""
    return labels.institution_name(visit.network, institution)


def person(visit: Visit, author: Author) -> str:
    """Who, of which institution."""
    referent = labels.referent_name(visit.network, author.referent)
    return f"{referent}, {name(visit, author.institution)}"


def row(visit: Visit, found: SummaryRow) -> views.SummaryRow:
    """One line of a list."""
    card = found.card
    return views.SummaryRow(
        summary_id=str(found.summary),
        number=card.number,
        journey_code=code_of(card.journey),
        recipient_label=name(visit, card.recipient),
        state=views.SummaryState(card.standing.value),
        created_at=card.drafted_at,
        awaits=", ".join(name(visit, one) for one in card.awaited_of) or None,
    )


def received(visit: Visit, rows: Iterable[SummaryRow]) -> tuple[views.ReceivedRow, ...]:
    """What a magistrate received."""
    return tuple(
        views.ReceivedRow(
            summary_id=str(one.summary),
            number=one.card.number,
            sent_by=name(visit, one.card.composer),
            received_at=one.card.released_at,
            opened=one.card.openings > 0,
        )
        for one in rows
        if one.card.released_at is not None
    )


def requisition(summary: Summary) -> views.Requisition | None:
    """What was asked for."""
    asked = summary.requisition
    if asked is None:
        return None
    scope = sorted(asked.scope, key=lambda one: one.code)
    return views.Requisition(
        asked.number, asked.magistrate, asked.issued_on, tuple(one.label for one in scope)
    )


def parts(visit: Visit, found: EnteredSummary) -> tuple[views.PartView, ...]:
    """Each part and its approval; with a link to it for who may approve it."""
    settled = found.summary.released_at is not None
    return tuple(_part(visit, found, one, settled=settled) for one in found.summary.parts.values())


def missing(visit: Visit, summary: Summary) -> tuple[views.MissingPart, ...]:
    """What is named as missing."""
    return tuple(
        _missing(visit, one.compartment, one.count, one.author_institution)
        for one in summary.missing
    )


def left_out(visit: Visit, summary: Summary) -> tuple[views.MissingPart, ...]:
    """The same for the recipient, without what concerns those who compose."""
    return tuple(replace(one, why=None) for one in missing(visit, summary))


def sealed_to_composer(visit: Visit, presenter: JourneyPresenter) -> tuple[views.MissingPart, ...]:
    """What the reader of a journey could not join, by compartment."""
    counts: dict[Compartment, int] = {}
    for entry in presenter.sight.entries():
        if isinstance(entry, SealedEntry) and entry.compartment in SCOPES:
            counts[entry.compartment] = counts.get(entry.compartment, 0) + 1
    return tuple(_missing(visit, one, count, None) for one, count in counts.items())


def candidates(
    visit: Visit, usual: Sequence[Candidate], asked_for: Sequence[Candidate]
) -> tuple[views.CandidateEntry, ...]:
    """The entries that may be joined, newest first; ``asked_for`` is what the charter says where a requisition asks."""
    shown = [_candidate(visit, one, asked) for one, asked in zip(usual, asked_for, strict=True)]
    return tuple(sorted(shown, key=lambda one: (one.occurred_on, one.version), reverse=True))


def entries(visit: Visit, part: Part) -> tuple[views.SummaryEntry, ...]:
    """The words of a part, by day; none where they are sealed."""
    items = sorted(part.items or (), key=lambda item: (item.occurred_on, item.at))
    return tuple(_entry(visit, part, item) for item in items)


def counts(visit: Visit, summary: Summary) -> tuple[views.FrameCount, ...]:
    """How many entries of each class rest on each ground."""
    return tuple(
        views.FrameCount(CLASSES[kind], _ground(visit, ground), count, _CLASS_ARTICLES[kind])
        for (kind, ground), count in summary.counts().items()
    )


def opened_parts(visit: Visit, summary: Summary) -> tuple[views.SummaryPart, ...]:
    """The parts of a released summary, with their words."""
    return tuple(
        views.SummaryPart(
            institution=name(visit, one.author_institution),
            approved_by=labels.referent_name(visit.network, one.decision.by.referent),
            approved_at=one.decision.at,
            entries=entries(visit, one),
            waiting=one.items is None,
        )
        for one in summary.standing_parts
        if one.decision.by is not None and one.decision.at is not None
    )


def openings(visit: Visit, summary: Summary) -> tuple[views.OpeningView, ...]:
    """Who of the recipient opened it, the receipt first."""
    return tuple(
        views.OpeningView(labels.referent_name(visit.network, one.by.referent), one.at)
        for one in summary.openings
    )


def recipients(visit: Visit, found: Iterable[UUID]) -> tuple[Choice, ...]:
    """Who a summary can be addressed to."""
    known = [visit.network.institutions[one] for one in found]
    return tuple(Choice(one.code, one.name) for one in known)


def state(summary: Summary) -> views.SummaryState:
    """Where a summary stands."""
    return views.SummaryState(summary.standing.value)


def approval(approved: Approval) -> views.ApprovalState:
    """Where an approval stands."""
    return views.ApprovalState(approved.value)


def reason(visit: Visit, code: str | None) -> str | None:
    """Why something was refused."""
    return labels.title_of(visit.services.catalogue.refusal_reasons, code)


def _part(visit: Visit, found: EnteredSummary, part: Part, *, settled: bool) -> views.PartView:
    decision, session = part.decision, found.session
    return views.PartView(
        number=part.index + 1,
        institution=name(visit, part.author_institution),
        compartment_label=part.compartment.label,
        entries=part.count,
        state=approval(decision.approval),
        by=labels.referent_name(visit.network, decision.by.referent) if decision.by else None,
        at=decision.at,
        reason=reason(visit, decision.reason),
        may_judge=not settled
        and decision.approval is Approval.AWAITED
        and part.author_institution == session.institution
        and part.composed_by.referent != session.referent,
    )


def _missing(
    visit: Visit, compartment: Compartment, count: int, author: UUID | None
) -> views.MissingPart:
    words = visit.ngettext(
        "volet %(name)s, %(num)s inscription", "volet %(name)s, %(num)s inscriptions", count
    )
    label = words % {"name": visit.gettext(compartment.label), "num": count}
    if author is None:
        return views.MissingPart(label, _SEALED_TO_COMPOSER)
    return views.MissingPart(f"{name(visit, author)}, {label}", _NOT_APPROVED)


def _candidate(visit: Visit, found: Candidate, asked: Candidate) -> views.CandidateEntry:
    entry = found.entry
    allowed = found.decision.allowed or asked.decision.allowed
    refusal = None if allowed else why(visit.services.charter, asked.decision)
    return views.CandidateEntry(
        version=entry.version,
        occurred_on=entry.content.occurred_on,
        title=labels.kind_title(visit.services.catalogue, entry.content.kind),
        institution=name(visit, entry.author.institution),
        compartment_label=entry.compartment.label,
        ground_label=_ground(visit, (found if found.decision.allowed else asked).ground),
        text=entry.content.text if allowed else "",
        refusal=refusal,
        article=None if allowed else asked.decision.articles[0],
        on_requisition=allowed and not found.decision.allowed,
    )


def _entry(visit: Visit, part: Part, item: SummaryItem) -> views.SummaryEntry:
    catalogue = visit.services.catalogue
    return views.SummaryEntry(
        occurred_on=item.occurred_on,
        title=labels.kind_title(catalogue, item.kind),
        institution=name(visit, part.author_institution),
        compartment_label=part.compartment.label,
        ground_label=_ground(visit, part.ground),
        text=item.text,
        level_label=labels.title_of(catalogue.danger_levels, item.level),
    )


def _ground(visit: Visit, code: str) -> str:
    return ground_title(visit.services.catalogue, code)
