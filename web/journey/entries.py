"""Entries of a journey: add, correct, withdraw, say that a planned one was done."""

from dataclasses import replace

from starlette.responses import Response

from application.referent.writing import (
    append_action,
    complete_action,
    correct_action,
    withdraw_action,
)
from domain.journey.entries import TEXT_LIMIT, Content, Entry
from domain.refusals import InvalidValue
from web.drawing import labels
from web.drawing.page import Choice, Form, Section
from web.drawing.words import _
from web.journey.change_views import CorrectPage, WithdrawPage
from web.journey.fields import ActionFields, CorrectFields, DoneFields, WithdrawFields
from web.journey.reading.action import audience_seen
from web.journey.reading.page import journey_page
from web.journey.reading.presenter import JourneyPresenter, present
from web.journey.reading.timeline import entry_view
from web.journey.reading.views import JourneyPage
from web.site.choosing import chosen, code_in, writable_compartment
from web.site.form_page import FormPage
from web.site.visit import NotFound, Visit


def add_action(visit: Visit, typed: ActionFields) -> Response:
    """Add an action, if its audience is still the one that its author was shown."""
    journey, catalogue = visit.identifier("journey"), visit.services.catalogue
    kind = chosen("genre", typed.genre, catalogue.action_kinds)
    compartment = writable_compartment("volet", typed.volet or kind.compartment.value)
    ground = typed.fondement and code_in("fondement", typed.fondement, catalogue.grounds)
    version = append_action(
        visit.services,
        visit.session,
        journey,
        compartment,
        _content(visit, typed),
        audience_seen(typed.destinataires, compartment),
        ground,
    )
    return visit.go(f"/suivis/{journey}?fait=inscrite&inscription={version}#contenu")


def correct(visit: Visit, typed: CorrectFields) -> Response:
    """Correct an entry of one's institution."""
    journey, version = visit.identifier("journey"), visit.number("entry")
    entry = _entry(present(visit, journey), version)
    content = replace(
        entry.content,
        text=typed.texte,
        occurred_on=typed.date,
        due=typed.echeance if entry.content.due else None,
        level=_level(visit, entry.content.kind, typed.niveau),
    )
    correct_action(visit.services, visit.session, journey, version, content, typed.version)
    return visit.go(f"/suivis/{journey}?fait=corrigee#contenu")


def withdraw(visit: Visit, typed: WithdrawFields) -> Response:
    """Withdraw an entry of one's institution."""
    journey, version = visit.identifier("journey"), visit.number("entry")
    withdraw_action(visit.services, visit.session, journey, version, typed.raison, typed.version)
    return visit.go(f"/suivis/{journey}?fait=retiree#contenu")


def complete(visit: Visit, typed: DoneFields) -> Response:
    """Say that a planned action was done."""
    journey, version = visit.identifier("journey"), visit.number("entry")
    complete_action(visit.services, visit.session, journey, version, typed.version)
    return visit.go("/reste-a-faire?fait=faite#contenu")


# -- reading the form --------------------------------------------------------------------------


def _content(visit: Visit, typed: ActionFields) -> Content:
    planned = typed.etat == "prevue"
    if planned and typed.echeance is None:
        raise InvalidValue("echeance", _("Donnez le jour prévu."))
    return Content(
        kind=typed.genre,
        text=typed.texte,
        occurred_on=(typed.echeance if planned else typed.date) or visit.today,
        due=typed.echeance if planned else None,
        level=_level(visit, typed.genre, typed.niveau),
        completes=typed.acheve,
    )


def _level(visit: Visit, kind: str, level: str | None) -> str | None:
    """The level of danger, for the kinds of action that have one."""
    catalogue = visit.services.catalogue
    known = catalogue.action_kinds.get(kind)
    if level is None or known is None or not known.levels:
        return None
    return code_in("niveau", level, catalogue.danger_levels)


# -- the pages ---------------------------------------------------------------------------------------


def _correct_page(visit: Visit, form: Form) -> CorrectPage:
    version = visit.number("entry")
    presenter = present(visit, visit.identifier("journey"))
    entry = _entry(presenter, version)
    view = entry_view(presenter, entry)
    if not view.may_correct:
        raise NotFound
    if not form.values and entry.content.level:
        form = Form({"niveau": (entry.content.level,)})
    return CorrectPage(
        chrome=visit.chrome(Section.JOURNEYS),
        bar=presenter.bar(),
        entry=view,
        audience=view.audience,
        levels=_levels(visit, entry),
        text_limit=TEXT_LIMIT,
        form=form,
    )


def _levels(visit: Visit, entry: Entry) -> tuple[Choice, ...]:
    catalogue = visit.services.catalogue
    kind = catalogue.action_kinds.get(entry.content.kind)
    return labels.choices(catalogue.danger_levels) if kind and kind.levels else ()


def _complete_page(visit: Visit, form: Form) -> JourneyPage:
    visit.number("entry")
    return journey_page(visit, form)


def _withdraw_page(visit: Visit, form: Form) -> WithdrawPage:
    version = visit.number("entry")
    presenter = present(visit, visit.identifier("journey"))
    view = entry_view(presenter, _entry(presenter, version))
    if not view.may_withdraw:
        raise NotFound
    return WithdrawPage(
        chrome=visit.chrome(Section.JOURNEYS),
        bar=presenter.bar(),
        entry=view,
        reasons=labels.choices(visit.services.catalogue.withdrawal_reasons),
        form=form,
    )


def _entry(presenter: JourneyPresenter, version: int) -> Entry:
    entry = presenter.readable.entry(version)
    if entry is None:
        raise NotFound
    return entry


APPEND = FormPage(ActionFields, journey_page, add_action)
CORRECT = FormPage(CorrectFields, _correct_page, correct)
WITHDRAW = FormPage(WithdrawFields, _withdraw_page, withdraw)
COMPLETE = FormPage(DoneFields, _complete_page, complete)
