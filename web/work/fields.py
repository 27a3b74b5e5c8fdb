"""The forms of the lists, and of the answer to an invitation."""

from typing import Annotated, Literal

from web.site.forms import Code, Fields, Line, Named, Number


class SearchFields(Fields):
    """Filter one's journeys."""

    recherche: Line = ""
    etat: Literal["ouverts", "clos", "tous"] = "ouverts"
    page: Number = 1


class AnswerFields(Fields):
    """Accept an invitation, or decline it."""

    reponse: Literal["accepter", "decliner"]
    raison: Annotated[Code | None, Named("reason")] = None
    version: Number
