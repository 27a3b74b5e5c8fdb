"""Entries of a journey: add, correct, withdraw, say that a planned one was done."""

from dataclasses import replace
from datetime import date
from functools import partial

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
from web.journey.action import audience_seen
from web.journey.change_views import CorrectPage, WithdrawPage
from web.journey.fields import ActionFields, CorrectFields, DoneFields, WithdrawFields
from web.journey.page import journey_page, present
from web.journey.presenter import JourneyPresenter
from web.site.choosing import code_in, one_of, writable_compartment
from web.site.form_act import with_form
from web.site.visit import NotFound, Visit


def append(visit: Visit) -> Response:
    """Add an action, once its author was shown who will read it."""
    journey = visit.identifier("journey")
    catalogue = visit.services.catalogue

    def act(typed: ActionFields) -> Response:
        kind = one_of("genre", typed.genre, catalogue.action_kinds)
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

    return with_form(visit, ActionFields, act, partial(journey_page, visit))


def show_correct(visit: Visit) -> Response:
    """An entry, to be corrected."""
    return _correct_page(visit, Form(), 200)


def correct(visit: Visit) -> Response:
    """Correct an entry of one's institution."""
    journey, version = visit.identifier("journey"), visit.number("entry")

    def act(typed: CorrectFields) -> Response:
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

    return with_form(visit, CorrectFields, act, partial(_correct_page, visit))


def show_withdraw(visit: Visit) -> Response:
    """An entry, to be withdrawn."""
    return _withdraw_page(visit, Form(), 200)


def withdraw(visit: Visit) -> Response:
    """Withdraw an entry of one's institution."""
    journey, version = visit.identifier("journey"), visit.number("entry")

    def act(typed: WithdrawFields) -> Response:
        withdraw_action(
            visit.services, visit.session, journey, version, typed.raison, typed.version
        )
        return visit.go(f"/suivis/{journey}?fait=retiree#contenu")

    return with_form(visit, WithdrawFields, act, partial(_withdraw_page, visit))


def done(visit: Visit) -> Response:
    """Say that a planned action was done."""
    journey, version = visit.identifier("journey"), visit.number("entry")

    def act(typed: DoneFields) -> Response:
        complete_action(visit.services, visit.session, journey, version, typed.version)
        return visit.go("/reste-a-faire?fait=faite#contenu")

    return with_form(visit, DoneFields, act, partial(journey_page, visit))


def _content(visit: Visit, typed: ActionFields) -> Content:
    planned = typed.etat == "prevue"
    if planned and typed.echeance is None:
        raise InvalidValue("echeance", _("Donnez le jour prévu."))
    today: date = visit.now.date()
    return Content(
        kind=typed.genre,
        text=typed.texte,
        occurred_on=(typed.echeance if planned else typed.date) or today,
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


def _correct_page(visit: Visit, form: Form, status: int) -> Response:
    presenter = present(visit, visit.identifier("journey"))
    entry = _entry(presenter, visit.number("entry"))
    view = presenter.entry(entry)
    if not view.may_correct:
        raise NotFound
    if not form.values and entry.content.level:
        form = Form({"niveau": (entry.content.level,)})
    page = CorrectPage(
        chrome=visit.chrome(Section.JOURNEYS),
        bar=presenter.bar(),
        entry=view,
        audience=view.audience,
        levels=_levels(visit, entry),
        text_limit=TEXT_LIMIT,
        form=form,
    )
    return visit.show(page, status)


def _levels(visit: Visit, entry: Entry) -> tuple[Choice, ...]:
    catalogue = visit.services.catalogue
    kind = catalogue.action_kinds.get(entry.content.kind)
    return labels.choices(catalogue.danger_levels) if kind and kind.levels else ()


def _withdraw_page(visit: Visit, form: Form, status: int) -> Response:
    presenter = present(visit, visit.identifier("journey"))
    view = presenter.entry(_entry(presenter, visit.number("entry")))
    if not view.may_withdraw:
        raise NotFound
    page = WithdrawPage(
        chrome=visit.chrome(Section.JOURNEYS),
        bar=presenter.bar(),
        entry=view,
        reasons=labels.choices(visit.services.catalogue.withdrawal_reasons),
        form=form,
    )
    return visit.show(page, status)


def _entry(presenter: JourneyPresenter, version: int) -> Entry:
    entry = presenter.sight.entry(version)
    if entry is None:
        raise NotFound
    return entry
