"""The timeline of a journey: entries, sealed entries and lines of the frame, newest first."""

from domain.compartments import Compartment
from domain.journey.entries import Entry, SealedEntry
from domain.journey.journey import FrameNote
from policies.charter import Act
from web.drawing import labels
from web.drawing.articles import why
from web.drawing.page import Tone
from web.drawing.words import _
from web.journey.reading.presenter import JourneyPresenter
from web.journey.reading.timeline_views import (
    EntryView,
    FrameNoteView,
    SealedView,
    Struck,
    TimelineItem,
)

_SAYING = _(" : ")
NOTHING = _("ni soins, ni action sociale, ni hébergement")
"""Said of a partner that does nothing which opens a compartment."""

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


def timeline(presenter: JourneyPresenter) -> list[TimelineItem]:
    """Everything of the journey, newest first."""
    readable = presenter.readable
    awaiting = {entry.version for entry in readable.awaiting()}
    items: list[TimelineItem] = [
        entry_view(presenter, entry, awaiting=entry.version in awaiting)
        if isinstance(entry, Entry)
        else _sealed(presenter, entry)
        for entry in readable.entries()
    ]
    items += [_note(presenter, note) for note in readable.entered.journey.frame_notes]
    return sorted(items, key=lambda item: -item.version)


def entry_view(presenter: JourneyPresenter, entry: Entry, *, awaiting: bool = False) -> EntryView:
    """One entry that the reader may read."""
    readable, visit, catalogue = presenter.readable, presenter.visit, presenter.catalogue
    content = entry.content
    audience = readable.audience_of_entry(entry)
    own = entry.author.institution == readable.entered.session.institution
    open_to_change = own and entry.withdrawn_for is None
    completed = None if content.completes is None else readable.entry(content.completes)
    return EntryView(
        version=entry.version,
        at=entry.at,
        day=visit.network.day(entry.at),
        title=presenter.title(content),
        institution=presenter.institution(entry.author.institution),
        person=labels.referent_name(visit.network, entry.author.referent),
        compartment_label=entry.compartment.label,
        text=content.text,
        occurred_on=content.occurred_on,
        audience=presenter.audience(audience),
        readers=presenter.readings.of_entry(entry, audience),
        due=content.due,
        awaiting=awaiting,
        completes_title=presenter.title(completed.content) if completed else None,
        level_label=labels.title_of(catalogue.danger_levels, content.level),
        ground_label=labels.title_of(catalogue.grounds, entry.ground),
        tone=_tone(entry, awaiting=awaiting),
        history=tuple(
            Struck(presenter.title(old), old.text, old.occurred_on) for old in entry.history
        ),
        withdrawn_label=labels.title_of(catalogue.withdrawal_reasons, entry.withdrawn_for),
        may_correct=open_to_change and _allows(presenter, Act.CORRECT, entry.compartment),
        may_withdraw=open_to_change and _allows(presenter, Act.WITHDRAW, entry.compartment),
    )


def _tone(entry: Entry, *, awaiting: bool) -> Tone:
    if entry.content.level:
        return labels.DANGER_TONES.get(entry.content.level, Tone.QUIET)
    if entry.compartment is Compartment.DANGER:
        return Tone.DANGER
    return Tone.SOON if awaiting else Tone.ACCENT


def _allows(presenter: JourneyPresenter, act: Act, compartment: Compartment) -> bool:
    return presenter.readable.entered.ask(act, compartment, is_author_institution=True).allowed


def _sealed(presenter: JourneyPresenter, sealed: SealedEntry) -> SealedView:
    if sealed.compartment is None:
        reason, article = _("Vous n’avez pas la clé de cette inscription."), None
    else:
        decision = presenter.readable.reads(sealed.compartment)
        if decision.allowed:
            reason, article = _("La clé vous est due : elle est en attente."), None
        else:
            reason = why(presenter.visit.services.charter, decision, sealed.compartment)
            article = decision.articles[0]
    label = sealed.compartment.label if sealed.compartment else None
    return SealedView(sealed.version, sealed.day, label, reason, article)


def _note(presenter: JourneyPresenter, note: FrameNote) -> FrameNoteView:
    visit = presenter.visit
    return FrameNoteView(
        version=note.version,
        at=note.at,
        day=visit.network.day(note.at),
        person=labels.referent_name(visit.network, note.author.referent),
        institution=presenter.institution(note.author.institution),
        what=_note_words(presenter, note),
    )


def _note_words(presenter: JourneyPresenter, note: FrameNote) -> str:
    """The sentence of a frame entry, without its author."""
    visit, catalogue = presenter.visit, presenter.catalogue
    details = {"left": catalogue.leaving_reasons, "closed": catalogue.closing_reasons}
    detail = note.detail
    if note.code in details:
        label = labels.title_of(details[note.code], detail)
        detail = visit.gettext(label) if label else ""
    institution = presenter.institution(note.institution) if note.institution else ""
    sentence = visit.gettext(_NOTES[note.code])
    said = sentence % {"institution": institution, "detail": detail}
    does = [
        visit.gettext(catalogue.capacities[capacity].title) for capacity in sorted(note.capacities)
    ]
    if note.code == "capacities_stated" and not does:
        does = [visit.gettext(NOTHING)]
    return visit.gettext(_SAYING).join([said, ", ".join(does)] if does else [said])
