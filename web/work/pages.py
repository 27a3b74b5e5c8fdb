"""The work left, and the list of one's journeys: codes, names and what awaits; nothing more."""

import unicodedata
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from starlette.responses import Response

from application.referent.listing import JourneyRow, my_journeys
from application.referent.summaries import my_summaries
from domain.journey.card import Awaited
from domain.journey.code import code_of
from domain.journey.partners import Participation
from policies.charter import Act
from web.drawing import labels
from web.drawing.page import Form, Notice, Paging, Section
from web.drawing.words import _
from web.site.form_page import FormPage
from web.site.visit import Visit
from web.work.fields import SearchFields
from web.work.views import Invitation, JourneyCard, JourneysPage, NewsItem, WorkItem, WorkPage

CARDS_SHOWN = 25
NEWS_SHOWN = 8
NEW_FOR = timedelta(days=3)
_NOTICES = {
    "faite": _("L’action est inscrite comme faite."),
    "declinee": _("L’invitation est déclinée."),
    "quitte": _("Votre institution ne prend plus part à ce suivi."),
}


def show_work(visit: Visit) -> Response:
    """Show what awaits, what is overdue, and the invitations."""
    return visit.show(work_page(visit, Form()))


def work_page(visit: Visit, form: Form) -> WorkPage:
    """The work left, with the text typed into the answer to an invitation."""
    rows = my_journeys(visit.services, visit.session)
    items = sorted(_items(visit, rows), key=lambda item: (item.due, item.code))
    today = visit.today
    return WorkPage(
        chrome=visit.chrome(Section.WORK, notice=_notice(visit), path="/reste-a-faire"),
        overdue=tuple(item for item in items if item.due < today),
        today=tuple(item for item in items if item.due == today),
        upcoming=tuple(item for item in items if item.due > today),
        invitations=tuple(
            _invitation(visit, row)
            for row in sorted(rows, key=lambda row: row.frame.last_at, reverse=True)
            if _is_invited(visit, row)
        ),
        news=_news(visit, rows),
        decline_reasons=labels.choices(visit.services.catalogue.leaving_reasons),
        may_open_journey=visit.may(Act.OPEN_JOURNEY),
        on_call=_on_call(visit),
        approvals_awaited=_approvals(visit, rows),
        form=form,
    )


def search(visit: Visit, typed: SearchFields) -> Response:
    """Filter the list, by POST, so that nothing searched for stands in an address."""
    return visit.show(_filtered_page(visit, typed, Form(visit.fields)))


def _journeys_page(visit: Visit, form: Form) -> JourneysPage:
    """The journeys that one's institution takes part in."""
    return _filtered_page(visit, SearchFields(), form)


def _filtered_page(visit: Visit, wanted: SearchFields, form: Form) -> JourneysPage:
    rows = sorted(my_journeys(visit.services, visit.session), key=_by_urgency)
    matching = [row for row in rows if _matches(row, wanted)]
    pages = max(1, -(-len(matching) // CARDS_SHOWN))
    page = min(wanted.page, pages)
    shown = matching[(page - 1) * CARDS_SHOWN : page * CARDS_SHOWN]
    return JourneysPage(
        chrome=visit.chrome(Section.JOURNEYS, notice=_notice(visit), path="/suivis"),
        cards=tuple(_card(visit, row) for row in shown),
        total=len(rows),
        filtered=bool(wanted.recherche) or len(matching) < len(rows),
        may_open_journey=visit.may(Act.OPEN_JOURNEY),
        paging=Paging(page, pages),
        form=form,
    )


JOURNEYS = FormPage(SearchFields, _journeys_page, search)


# -- what awaits -------------------------------------------------------------------------------------


def _items(visit: Visit, rows: Sequence[JourneyRow]) -> list[WorkItem]:
    return [
        WorkItem(
            journey_id=str(row.journey),
            code=code_of(row.journey),
            known_as=row.known_as,
            title=labels.kind_title(visit.services.catalogue, awaited.kind),
            due=awaited.due,
            entry=awaited.version,
            journey_version=row.version,
        )
        for row in rows
        if row.frame.closed_for is None and not _is_invited(visit, row)
        for awaited in row.frame.awaited
        if awaited.institution == visit.session.institution
    ]


def _is_invited(visit: Visit, row: JourneyRow) -> bool:
    return row.frame.partners[visit.session.institution] is Participation.INVITED


def _invitation(visit: Visit, row: JourneyRow) -> Invitation:
    return Invitation(
        journey_id=str(row.journey),
        code=code_of(row.journey),
        lead=labels.institution_name(visit.network, row.frame.lead),
        at=row.frame.last_at,
        journey_version=row.version,
    )


def _news(visit: Visit, rows: Sequence[JourneyRow]) -> tuple[NewsItem, ...]:
    """Entries by others of the last days; their authors are known, their words are not looked at."""
    recent = sorted(
        (
            row
            for row in rows
            if row.frame.last_by.institution != visit.session.institution
            and visit.now - row.frame.last_at < NEW_FOR
            and not _is_invited(visit, row)
        ),
        key=lambda row: row.frame.last_at,
        reverse=True,
    )
    sentence = visit.gettext("%(institution)s a inscrit quelque chose")
    return tuple(
        NewsItem(
            journey_id=str(row.journey),
            code=code_of(row.journey),
            what=sentence % {"institution": _writer(visit, row.frame.last_by.institution)},
            at=row.frame.last_at,
        )
        for row in recent[:NEWS_SHOWN]
    )


def _writer(visit: Visit, institution: UUID) -> str:
    return labels.institution_name(visit.network, institution)


def _on_call(visit: Visit) -> str | None:
    names = sorted(
        labels.referent_name(visit.network, referent) for referent in visit.network.on_call
    )
    return ", ".join(names) or None


def _approvals(visit: Visit, rows: Sequence[JourneyRow]) -> int:
    institution = visit.session.institution
    joined = frozenset(
        row.journey for row in rows if row.frame.partners[institution] is Participation.JOINED
    )
    return sum(
        institution in row.card.awaited_of
        for row in my_summaries(visit.services, visit.session, joined)
    )


def _notice(visit: Visit) -> Notice | None:
    done = visit.query.get("fait")
    return Notice(_NOTICES[done]) if done in _NOTICES else None


# -- the list ----------------------------------------------------------------------------------------


def _by_urgency(row: JourneyRow) -> tuple[bool, bool, str, float]:
    """Open journeys first, by what awaits soonest, then by the last entry."""
    due = _next(row)
    return (
        row.frame.closed_for is not None,
        due is None,
        due.due.isoformat() if due else "",
        -row.frame.last_at.timestamp(),
    )


def _next(row: JourneyRow) -> Awaited | None:
    return min(row.frame.awaited, key=lambda awaited: awaited.due, default=None)


def _matches(row: JourneyRow, wanted: SearchFields) -> bool:
    closed = row.frame.closed_for is not None
    if wanted.etat != "tous" and closed != (wanted.etat == "clos"):
        return False
    sought = _plain(wanted.recherche)
    # Nothing sought: no name is read letter by letter.
    return (
        not sought or sought in _plain(row.known_as or "") or sought in _plain(code_of(row.journey))
    )


def _plain(text: str) -> str:
    """Text without case or accents, as people search for it."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).strip()


def _card(visit: Visit, row: JourneyRow) -> JourneyCard:
    if _is_invited(visit, row):
        return JourneyCard(
            str(row.journey), code_of(row.journey), None, _("Réponse à l’invitation")
        )
    due = _next(row)
    return JourneyCard(
        journey_id=str(row.journey),
        code=code_of(row.journey),
        known_as=row.known_as,
        awaits=labels.kind_title(visit.services.catalogue, due.kind) if due else None,
        due=due.due if due else None,
        overdue=due is not None and due.due < visit.today,
        closed=row.frame.closed_for is not None,
    )
