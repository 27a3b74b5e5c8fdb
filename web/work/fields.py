"""The forms of the lists."""

from typing import Literal

from web.site.forms import Fields, Line, Number


class SearchFields(Fields):
    """Filter one's journeys."""

    recherche: Line = ""
    etat: Literal["ouverts", "clos", "tous"] = "ouverts"
    page: Number = 1
