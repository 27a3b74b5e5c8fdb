"""The audit, from its lines to the page and to the rows of its export."""

from collections.abc import Sequence
from datetime import date

from application.coordination.auditing import AuditLine, grouped, heat, many_journeys
from domain.access import LedgerStanding as Standing
from domain.catalogue import Catalogue
from domain.compartments import Compartment
from web.drawing import labels
from web.drawing.acts import ACTS
from web.drawing.page import Choice
from web.drawing.pictures import HeatCounts
from web.drawing.words import _
from web.ledger.views import LedgerRow, LedgerStanding
from web.site.visit import Visit

ROWS_SHOWN = 50

COLUMNS = (
    _("N°"),
    _("Jour"),
    _("Heure"),
    _("Personne"),
    _("Institution"),
    _("Acte"),
    _("Suivi"),
    _("Synthèse"),
    _("Volet"),
    _("Motif"),
    _("Fondement"),
    _("Articles"),
    _("Résultat"),
)
_HOUSE = _("Relais")


def standing(watched: Standing) -> LedgerStanding:
    """Whether the ledger is whole."""
    return LedgerStanding(
        watched.verified_at, watched.checkpoint_size, watched.awaiting, watched.problem
    )


def heat_counts(lines: Sequence[AuditLine]) -> HeatCounts:
    """How much the ledger was used at each hour; hours in which one person opened many journeys are marked."""
    marked = frozenset((hour.weekday(), hour.hour) for hour, _count in many_journeys(lines))
    return HeatCounts(tuple(tuple(row) for row in heat(lines)), marked)


def ledger_rows(visit: Visit, lines: Sequence[AuditLine], page: int) -> tuple[LedgerRow, ...]:
    """The rows of one page."""
    first = (page - 1) * ROWS_SHOWN
    return tuple(_row(visit, line) for line in lines[first : first + ROWS_SHOWN])


def together(lines: Sequence[AuditLine]) -> list[AuditLine]:
    """The lines as the page shows them: repeated readings are put together."""
    return grouped(lines)


def act_choices(visit: Visit) -> tuple[Choice, ...]:
    """Every act, by its words in the reader's language."""
    named = [Choice(code, visit.gettext(words)) for code, words in ACTS.items()]
    return tuple(sorted(named, key=lambda choice: choice.label.casefold()))


def institution_choices(visit: Visit) -> tuple[Choice, ...]:
    """Every institution of the network, by name."""
    members = visit.network.institutions.values()
    by_name = sorted(members, key=lambda institution: institution.name.casefold())
    return tuple(Choice(institution.code, institution.name) for institution in by_name)


def first_day(lines: Sequence[AuditLine], today: date) -> date:
    """The day of the oldest line."""
    return lines[-1].day if lines else today


def exported(visit: Visit, lines: Sequence[AuditLine]) -> list[list[str]]:
    """The rows of the export, its head first, in the reader's language; repeated readings are not put together."""
    head = [visit.gettext(name) for name in COLUMNS]
    return [head, *(_cells(visit, line) for line in lines)]


def _row(visit: Visit, line: AuditLine) -> LedgerRow:
    access = line.access
    return LedgerRow(
        at=access.at,
        person=line.person or visit.gettext(_HOUSE),
        institution=line.institution,
        act_label=ACTS.get(access.act, access.act),
        journey_code=line.code,
        purpose_label=labels.title_of(visit.services.catalogue.purposes, access.purpose),
        articles=access.articles,
        detail=_detail(visit, line),
        refused=not access.allowed,
        times=line.times,
    )


def _detail(visit: Visit, line: AuditLine) -> str | None:
    details = []
    for code in line.access.compartments:
        name = visit.gettext(_compartment(code))
        details.append(visit.gettext(_("volet %(name)s")) % {"name": name})
    if line.summary:
        details.append(line.summary)
    return " · ".join(details) or None


def _cells(visit: Visit, line: AuditLine) -> list[str]:
    access, catalogue = line.access, visit.services.catalogue
    number = line.entry.number
    allowed = visit.gettext(_("permis") if access.allowed else _("refusé"))
    return [
        "" if number is None else str(number),
        line.day.isoformat(),
        f"{line.at:%H:%M:%S}",
        line.person or visit.gettext(_HOUSE),
        line.institution,
        visit.gettext(ACTS.get(access.act, access.act)),
        line.code or "",
        line.summary or "",
        ", ".join(visit.gettext(_compartment(code)) for code in access.compartments),
        _title(visit, catalogue, "purposes", access.purpose),
        _title(visit, catalogue, "grounds", access.ground),
        # "2.1" alone would become a day in a spreadsheet.
        ", ".join(f"art. {article}" for article in access.articles),
        allowed,
    ]


def _title(visit: Visit, catalogue: Catalogue, which: str, code: str | None) -> str:
    title = labels.title_of(getattr(catalogue, which), code)
    return visit.gettext(title) if title else ""


def _compartment(code: str) -> str:
    return Compartment(code).label if code in set(Compartment) else code
