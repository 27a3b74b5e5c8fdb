"""The coordination's audit and its export; the second auditor has the same pages."""

from datetime import timedelta

from starlette.responses import Response

from application.coordination.auditing import AuditFilter, audit, export_audit
from domain.refusals import InvalidValue
from web.drawing.acts import ACTS
from web.drawing.page import Form, Paging, Section
from web.drawing.spreadsheet import spreadsheet
from web.drawing.words import _
from web.ledger import presenter as ledger
from web.ledger.fields import LedgerFields
from web.ledger.views import LedgerPage
from web.site.form_page import FormPage
from web.site.visit import Visit

DAYS_SHOWN = 30
"""How many days the ledger shows until a period is asked for."""

EXPORT_NAME = "registre.csv"
"""The name of the file: the same for every export."""


def filter_ledger(visit: Visit, typed: LedgerFields) -> Response:
    """Show the lines that a filter leaves."""
    page = _filtered_page(visit, _filter(visit, typed), Form(visit.fields), typed.page)
    return visit.show(page)


def export_ledger(visit: Visit, typed: LedgerFields) -> Response:
    """Give the filtered lines as a table to carry away: an act of its own in the ledger."""
    lines = export_audit(visit.services, visit.session, _filter(visit, typed))
    return Response(
        spreadsheet(ledger.exported(visit, lines)),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{EXPORT_NAME}"'},
    )


def _ledger_page(visit: Visit, form: Form) -> LedgerPage:
    """The last days of the ledger."""
    return _filtered_page(visit, _last_days(visit), form, 1)


def _filtered_page(visit: Visit, wanted: AuditFilter, form: Form, number: int) -> LedgerPage:
    lines = audit(visit.services, visit.session, wanted)
    together = ledger.together(lines)
    pages = max(1, -(-len(together) // ledger.ROWS_SHOWN))
    number = min(number, pages)
    today = visit.today
    return LedgerPage(
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


def _last_days(visit: Visit) -> AuditFilter:
    today = visit.today
    return AuditFilter(from_day=today - timedelta(days=DAYS_SHOWN), to_day=today)


def _filter(visit: Visit, typed: LedgerFields) -> AuditFilter:
    institution = None
    if typed.institution is not None:
        members = visit.network.institutions.values()
        institution = next(
            (member.id for member in members if member.code == typed.institution), None
        )
        if institution is None:
            raise InvalidValue("institution", _("Choisissez une institution dans la liste."))
    if typed.acte is not None and typed.acte not in ACTS:
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


LEDGER = FormPage(LedgerFields, _ledger_page, filter_ledger)
EXPORT = FormPage(LedgerFields, _ledger_page, export_ledger)
