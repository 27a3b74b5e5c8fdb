"""The forms of summaries."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from web.drawing.words import _
from web.site.forms import Code, Day, Fields, Named, Number, OneLine

Entries = Annotated[tuple[Number, ...], Named("items", "compartment", "ground", "count")]
"""Entries to join: the summary refuses them by their compartment, ground and number too."""


class ComposeFields(Fields):
    """Compose a summary; without a requisition its fields are left empty (article 14.3)."""

    asks: ClassVar[Mapping[str, str]] = {"destinataire": _("Choisissez le siège ou le parquet.")}
    destinataire: Annotated[Code, Named("recipient")]
    requisition_numero: Annotated[OneLine, Named("number")] = Field(default="", max_length=60)
    requisition_date: Annotated[Day | None, Named("issued_on")] = None
    requisition_magistrat: Annotated[OneLine, Named("magistrate")] = Field(
        default="", max_length=120
    )
    requisition_volets: Annotated[tuple[Code, ...], Named("scope")] = ()
    inscriptions: Entries = ()


class AddEntriesFields(Fields):
    """Join entries to a summary."""

    inscriptions: Entries = ()


class DecisionFields(Fields):
    """Approve, or refuse for a reason of the list."""

    asks: ClassVar[Mapping[str, str]] = {"decision": _("Approuvez ou refusez.")}
    decision: Literal["approuver", "refuser"]
    raison: Annotated[Code | None, Named("reason")] = None
