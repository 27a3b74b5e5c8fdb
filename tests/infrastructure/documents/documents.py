"""A summary to be printed, and the words of what was printed."""

import re
import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

from pypdf import PdfReader

from domain.compartments import Compartment
from infrastructure.documents import setting
from infrastructure.documents.content import (
    DocumentEntry,
    DocumentGap,
    DocumentPart,
    DocumentRequisition,
    SummaryDocument,
)

TYPESETTER = Path(setting.__file__).with_name("typesetter.py")
NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
ENTRY = DocumentEntry(
    date(2026, 3, 1), "Entretien", "Madame dit : « il me suit ».", NOW, NOW.date(), "Nadia"
)
PART = DocumentPart(
    Compartment.FOLLOW_UP, "CIDFF", "Accord de la personne", date(2026, 3, 2), (ENTRY,)
)
REQUISITION = DocumentRequisition(
    "2026/1143",
    "Mme Aubertin",
    date(2026, 2, 12),
    frozenset({Compartment.HEALTH, Compartment.FOLLOW_UP}),
)
SUMMARY = SummaryDocument(
    network="Réseau de Chalon-sur-Saône",
    number="S-2026-0007",
    copy_number=1,
    recipient="Tribunal judiciaire de Chalon-sur-Saône",
    composed_by="CIDFF de Saône-et-Loire",
    released_at=NOW,
    released_on=NOW.date(),
    frame_approved_on=date(2026, 2, 28),
    requisition=REQUISITION,
    parts=(PART,),
    missing=(DocumentGap(Compartment.HEALTH, "Centre hospitalier", 3),),
)


def saying(text: str) -> SummaryDocument:
    return replace(SUMMARY, parts=(replace(PART, entries=(replace(ENTRY, text=text),)),))


def pages(document: bytes) -> list[str]:
    """What a reader's program finds on each page: unseen characters left out, any run of blanks one space."""
    return [_seen(page.extract_text()) for page in PdfReader(BytesIO(document)).pages]


def _seen(text: str) -> str:
    seen = "".join(one for one in text if unicodedata.category(one) != "Cf")
    return " ".join(unicodedata.normalize("NFC", seen).split())


def compact(text: str) -> str:
    return re.sub(r"\s", "", text)
