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
from web.journey.reading.presenter import JourneyPresenter
from web.site.visit import Visit
from web.summary import composing_views, received_views, views

SCOPES = tuple(compartment for compartment in SHARED if compartment not in NEVER_IN_A_SUMMARY)
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
"""The title that ``ground_title`` gives a requisition; no list of the catalogue has it, so it is marked here."""

_SEALED_TO_COMPOSER = _("scellée pour qui compose ; un partenaire qui la lit peut la joindre")
_NOT_APPROVED = _("non approuvée par l’institution qui l’a écrite")


def name(visit: Visit, institution: UUID) -> str:
    """The name of an institution."""
    return labels.institution_name(visit.network, institution)


def person(visit: Visit, author: Author) -> str:
    """A person and their institution."""
    referent = labels.referent_name(visit.network, author.referent)
    return f"{referent}, {name(visit, author.institution)}"


def row(visit: Visit, listed: SummaryRow) -> views.SummaryRow:
    """One line of a list."""
    card = listed.card
    return views.SummaryRow(
        summary_id=str(listed.summary),
        number=card.number,
        journey_code=code_of(card.journey),
        recipient_label=name(visit, card.recipient),
        state=views.SummaryState(card.standing.value),
        created_at=card.drafted_at,
        awaits=", ".join(name(visit, institution) for institution in card.awaited_of) or None,
    )


def received(visit: Visit, rows: Iterable[SummaryRow]) -> tuple[received_views.ReceivedRow, ...]:
    """The summaries that a magistrate received."""
    return tuple(
        received_views.ReceivedRow(
            summary_id=str(row.summary),
            number=row.card.number,
            sent_by=name(visit, row.card.composer),
            received_at=row.card.released_at,
            opened=row.card.openings > 0,
        )
        for row in rows
        if row.card.released_at is not None
    )


def requisition(summary: Summary) -> views.Requisition | None:
    """The requisition of a summary, if there is one."""
    asked = summary.requisition
    if asked is None:
        return None
    scope = sorted(asked.scope, key=lambda compartment: compartment.code)
    return views.Requisition(
        asked.number,
        asked.magistrate,
        asked.issued_on,
        tuple(compartment.label for compartment in scope),
    )


def parts(visit: Visit, entered: EnteredSummary) -> tuple[views.PartView, ...]:
    """Each part and its approval; with a link to it, if the reader may approve it."""
    summary = entered.summary
    settled = summary.released_at is not None
    return tuple(_part(visit, entered, part, settled=settled) for part in summary.parts.values())


def missing(visit: Visit, summary: Summary) -> tuple[views.MissingPart, ...]:
    """The entries that the document names as missing."""
    return tuple(
        _missing(visit, part.compartment, part.count, part.author_institution)
        for part in summary.missing
    )


def left_out(visit: Visit, summary: Summary) -> tuple[views.MissingPart, ...]:
    """The same for the recipient, without reasons that concern only the composers."""
    return tuple(replace(part, why=None) for part in missing(visit, summary))


def sealed_to_composer(visit: Visit, presenter: JourneyPresenter) -> tuple[views.MissingPart, ...]:
    """The entries that the reader of a journey could not join, by compartment."""
    counts: dict[Compartment, int] = {}
    for entry in presenter.readable.entries():
        if isinstance(entry, SealedEntry) and entry.compartment in SCOPES:
            counts[entry.compartment] = counts.get(entry.compartment, 0) + 1
    return tuple(_missing(visit, compartment, count, None) for compartment, count in counts.items())


def candidates(
    visit: Visit, usual: Sequence[Candidate], asked_for: Sequence[Candidate]
) -> tuple[composing_views.CandidateEntry, ...]:
    """The entries that may be joined, newest first.

    ``usual`` has the charter's decisions without a requisition, ``asked_for`` those if a requisition asked for all.
    """
    shown = [
        _candidate(visit, candidate, asked)
        for candidate, asked in zip(usual, asked_for, strict=True)
    ]
    return tuple(sorted(shown, key=lambda entry: (entry.occurred_on, entry.version), reverse=True))


def entries(visit: Visit, part: Part) -> tuple[views.SummaryEntry, ...]:
    """The words of a part, by day; none if they are sealed."""
    items = sorted(part.items or (), key=lambda item: (item.occurred_on, item.at))
    return tuple(_entry(visit, part, item) for item in items)


def counts(visit: Visit, summary: Summary) -> tuple[views.FrameCount, ...]:
    """How many entries of each class rest on each ground."""
    return tuple(
        views.FrameCount(CLASSES[kind], _ground(visit, ground), count, _CLASS_ARTICLES[kind])
        for (kind, ground), count in summary.counts().items()
    )


def opened_parts(visit: Visit, summary: Summary) -> tuple[received_views.SummaryPart, ...]:
    """The parts of a released summary, with their words."""
    return tuple(
        received_views.SummaryPart(
            institution=name(visit, part.author_institution),
            approved_by=labels.referent_name(visit.network, part.decision.by.referent),
            approved_at=part.decision.at,
            entries=entries(visit, part),
            waiting=part.items is None,
        )
        for part in summary.standing_parts
        if part.decision.by is not None and part.decision.at is not None
    )


def openings(visit: Visit, summary: Summary) -> tuple[views.OpeningView, ...]:
    """The openings by persons of the recipient, the receipt first."""
    return tuple(
        views.OpeningView(labels.referent_name(visit.network, opening.by.referent), opening.at)
        for opening in summary.openings
    )


def recipients(visit: Visit, institutions: Iterable[UUID]) -> tuple[Choice, ...]:
    """The institutions that a summary can be addressed to."""
    known = [visit.network.institutions[institution] for institution in institutions]
    return tuple(Choice(institution.code, institution.name) for institution in known)


def state(summary: Summary) -> views.SummaryState:
    """The standing of a summary."""
    return views.SummaryState(summary.standing.value)


def approval(approved: Approval) -> views.ApprovalState:
    """The standing of an approval."""
    return views.ApprovalState(approved.value)


def reason(visit: Visit, code: str | None) -> str | None:
    """The reason of a refusal."""
    return labels.title_of(visit.services.catalogue.refusal_reasons, code)


def _part(visit: Visit, entered: EnteredSummary, part: Part, *, settled: bool) -> views.PartView:
    decision, session = part.decision, entered.session
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


def _candidate(visit: Visit, usual: Candidate, asked: Candidate) -> composing_views.CandidateEntry:
    entry = usual.entry
    allowed = usual.decision.allowed or asked.decision.allowed
    refusal = None if allowed else why(visit.services.charter, asked.decision)
    return composing_views.CandidateEntry(
        version=entry.version,
        occurred_on=entry.content.occurred_on,
        title=labels.kind_title(visit.services.catalogue, entry.content.kind),
        institution=name(visit, entry.author.institution),
        compartment_label=entry.compartment.label,
        ground_label=_ground(visit, (usual if usual.decision.allowed else asked).ground),
        text=entry.content.text if allowed else "",
        refusal=refusal,
        article=None if allowed else asked.decision.articles[0],
        on_requisition=allowed and not usual.decision.allowed,
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
