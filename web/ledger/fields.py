"""The forms of the ledger."""

from web.site.forms import Code, Day, Fields, Line, Number, Yes


class LedgerFields(Fields):
    """Filter the ledger; the export takes the same."""

    personne: Line = ""
    institution: Code | None = None
    suivi: Line = ""
    du: Day | None = None
    au: Day | None = None
    acte: Code | None = None
    refus: Yes | None = None
    page: Number = 1
