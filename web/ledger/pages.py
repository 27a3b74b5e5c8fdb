"""The coordination's audit, and its export; the second auditor has the same."""

from datetime import timedelta

from starlette.responses import Response

from application.coordination.auditing import AuditFilter, audit, export_audit
from domain.refusals import InvalidValue
from web.drawing.page import Form, Paging, Section
from web.drawing.spreadsheet import spreadsheet
from web.drawing.words import _
from web.ledger import presenter as ledger
from web.ledger.fields import LedgerFields
from web.ledger.views import LedgerPage
from web.site.form_act import with_form
from web.site.visit import Visit

DAYS_SHOWN = 30
"""How many days the ledger shows until a period is asked for."""

EXPORT = "registre.csv"
"""The name of the file: the same for every export."""


def show_ledger(visit: Visit) -> Response:
    """The last days of the ledger."""
    return _shown(visit, _last_days(visit), Form(), 1, 200)


def filter_ledger(visit: Visit) -> Response:
    """What a filter leaves."""

    def act(typed: LedgerFields) -> Response:
        return _shown(visit, _filter(visit, typed), Form(visit.fields), typed.page, 200)

    return with_form(visit, LedgerFields, act, lambda form, status: _again(visit, form, status))


def export_ledger(visit: Visit) -> Response:
    """The same, as a table to carry away: an act of its own in the ledger."""

    def act(typed: LedgerFields) -> Response:
        lines = export_audit(visit.services, visit.session, _filter(visit, typed))
        return Response(
            spreadsheet(ledger.exported(visit, lines)),
            media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{EXPORT}"'},
        )

    return with_form(visit, LedgerFields, act, lambda form, status: _again(visit, form, status))


def _again(visit: Visit, form: Form, status: int) -> Response:
    return _shown(visit, _last_days(visit), form, 1, status)


def _shown(visit: Visit, wanted: AuditFilter, form: Form, number: int, status: int) -> Response:
    lines = audit(visit.services, visit.session, wanted)
    together = ledger.together(lines)
    pages = max(1, -(-len(together) // ledger.ROWS_SHOWN))
    number = min(number, pages)
    today = visit.today
    page = LedgerPage(
        chrome=visit.chrome(Section.LEDGER),
        standing=ledger.standing(visit.services.ledger_watch()),
        period_from=wanted.from_day or ledger.first_day(lines, today),
        period_to=wanted.to_day or today,
        total=len(lines),
        heat=ledger.heat_counts(lines),
        rows=ledger.ledger_rows(visit, together, number),
        institutions=ledger.institution_choices(visit),
        acts=ledger.act_choices(visit),
        paging=Paging(number, pages),
        filtered=bool(form.values),
        form=form,
    )
    return visit.show(page, status)


def _last_days(visit: Visit) -> AuditFilter:
    today = visit.today
    return AuditFilter(from_day=today - timedelta(days=DAYS_SHOWN), to_day=today)


def _filter(visit: Visit, typed: LedgerFields) -> AuditFilter:
    institution = None
    if typed.institution is not None:
        members = visit.network.institutions.values()
        institution = next((one.id for one in members if one.code == typed.institution), None)
        if institution is None:
            raise InvalidValue("institution", _("Choisissez une institution dans la liste."))
    if typed.acte is not None and typed.acte not in ledger.ACTS:
        raise InvalidValue("acte", _("Choisissez un acte dans la liste."))
    if typed.du and typed.au and typed.du > typed.au:
        raise InvalidValue("au", _("La fin de la période précède son début."))
    return AuditFilter(
        person=typed.personne,
        institution=institution,
        code=typed.suivi,
        from_day=typed.du,
        to_day=typed.au,
        act=typed.acte,
        refusals_only=typed.refus is not None,
    )
