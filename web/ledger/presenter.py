"""The audit, from its lines to the page and to the rows of its export."""

from collections.abc import Mapping, Sequence
from datetime import date

from application.coordination.auditing import AuditLine, grouped, heat, many_journeys
from domain.access import LedgerStanding as Standing
from domain.catalogue import Catalogue
from domain.compartments import Compartment
from web.drawing import labels
from web.drawing.page import Choice
from web.drawing.pictures import HeatCounts
from web.drawing.words import _
from web.ledger.views import LedgerRow, LedgerStanding
from web.site.visit import Visit

ROWS_SHOWN = 50

ACTS: Mapping[str, str] = {
    "admit_institution": _("a admis une institution"),
    "admit_referent": _("a admis un·e référent·e"),
    "append": _("a inscrit une action"),
    "approve_frame": _("s’est prononcée sur le cadre d’une synthèse"),
    "approve_part": _("s’est prononcé·e sur une partie de synthèse"),
    "audit": _("a consulté le registre"),
    "be_invited": _("a été proposée comme partenaire"),
    "close": _("a clos un suivi"),
    "compose_summary": _("a composé une synthèse"),
    "consult": _("a consulté un suivi"),
    "correct": _("a corrigé une inscription"),
    "deposit": _("a déposé une inscription"),
    "exclude": _("a prononcé une exclusion"),
    "erase": _("a effacé un suivi"),
    "export_audit": _("a exporté le registre"),
    "found_network": _("a fondé le réseau"),
    "give_consent": _("a inscrit un accord"),
    "include_in_summary": _("a joint une inscription à une synthèse"),
    "invite": _("a invité un partenaire"),
    "join": _("a accepté une invitation"),
    "leave": _("a quitté un suivi"),
    "list_journeys": _("a affiché la liste de ses suivis"),
    "list_summaries": _("a affiché la liste des synthèses"),
    "log_in": _("a ouvert une session"),
    "log_out": _("a fermé sa session"),
    "look_at_summary": _("a regardé le cadre d’une synthèse reçue"),
    "make_small_group": _("a formé un groupe restreint"),
    "name_on_call": _("a nommé l’astreinte"),
    "open_journey": _("a ouvert un suivi"),
    "open_summary": _("a ouvert une synthèse"),
    "pass_key": _("a transmis une clé due"),
    "read": _("a lu un volet"),
    "read_charter": _("a lu la charte"),
    "read_statistics": _("a lu les statistiques"),
    "read_summary": _("a consulté une synthèse"),
    "receive_summary": _("a reçu une synthèse"),
    "release_summary": _("a remis une synthèse"),
    "renew_groups": _("a renouvelé la clé d’un groupe"),
    "reopen": _("a rouvert un suivi"),
    "restrict": _("a restreint un suivi"),
    "search": _("a cherché un suivi"),
    "set_standing": _("a suspendu, exclu ou rétabli un compte"),
    "share_groups": _("a transmis la clé d’un groupe"),
    "share_without_consent": _("a partagé sans accord"),
    "sign_charter": _("a signé la charte"),
    "state_capacities": _("a dit à quel titre un partenaire prend part"),
    "unreadable": _("inscription altérée, illisible"),
    "withdraw": _("a retiré une inscription"),
    "withdraw_consent": _("a inscrit le retrait d’un accord"),
}
"""What was done, by the code of the act."""

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


def standing(found: Standing) -> LedgerStanding:
    """Whether the ledger is whole."""
    return LedgerStanding(found.verified_at, found.checkpoint_size, found.awaiting, found.problem)


def heat_counts(lines: Sequence[AuditLine]) -> HeatCounts:
    """When the ledger was used; marked are the hours in which one person opened many journeys."""
    marked = frozenset((hour.weekday(), hour.hour) for hour, _count in many_journeys(lines))
    return HeatCounts(tuple(tuple(row) for row in heat(lines)), marked)


def ledger_rows(visit: Visit, lines: Sequence[AuditLine], page: int) -> tuple[LedgerRow, ...]:
    """One page of lines, repeated readings as one."""
    first = (page - 1) * ROWS_SHOWN
    return tuple(_row(visit, line) for line in lines[first : first + ROWS_SHOWN])


def together(lines: Sequence[AuditLine]) -> list[AuditLine]:
    """The lines as the page shows them."""
    return grouped(lines)


def act_choices(visit: Visit) -> tuple[Choice, ...]:
    """Every act, by its words in the reader's language."""
    named = [Choice(code, visit.gettext(words)) for code, words in ACTS.items()]
    return tuple(sorted(named, key=lambda choice: choice.label.casefold()))


def institution_choices(visit: Visit) -> tuple[Choice, ...]:
    """Every institution of the network, by name."""
    members = visit.network.institutions.values()
    return tuple(
        Choice(one.code, one.name) for one in sorted(members, key=lambda one: one.name.casefold())
    )


def first_day(lines: Sequence[AuditLine], today: date) -> date:
    """The day of the oldest line."""
    return lines[-1].day if lines else today


def exported(visit: Visit, lines: Sequence[AuditLine]) -> list[list[str]]:
    """The rows of the export, its head first, in the reader's language; no reading is put together with another."""
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
    told = []
    if line.access.compartment:
        name = visit.gettext(_compartment(line.access.compartment))
        told.append(visit.gettext(_("volet %(name)s")) % {"name": name})
    if line.summary:
        told.append(line.summary)
    return " · ".join(told) or None


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
        visit.gettext(_compartment(access.compartment)) if access.compartment else "",
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
