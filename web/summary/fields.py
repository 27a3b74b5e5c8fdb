"""The forms of the audit and of summaries."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from web.drawing.words import _
from web.site.forms import Code, Day, Fields, Line, Number


class ComposeFields(Fields):
    """Compose a summary; without a requisition its fields are left empty (article 14.3)."""

    asks: ClassVar[Mapping[str, str]] = {"destinataire": _("Choisissez le siège ou le parquet.")}
    destinataire: Code
    requisition_numero: Line = Field(default="", max_length=60)
    requisition_date: Day | None = None
    requisition_magistrat: Line = Field(default="", max_length=120)
    requisition_volets: tuple[Code, ...] = ()
    inscriptions: tuple[Number, ...] = ()


class AddEntriesFields(Fields):
    """Join entries to a summary."""

    inscriptions: tuple[Number, ...] = ()


class DecisionFields(Fields):
    """Approve, or refuse for a reason of the list."""

    asks: ClassVar[Mapping[str, str]] = {"decision": _("Approuvez ou refusez.")}
    decision: Literal["approuver", "refuser"]
    raison: Code | None = None
