"""Documents that leave the house. Today there is one: the judicial summary, as PDF."""

from infrastructure.documents.content import (
    DocumentEntry,
    DocumentGap,
    DocumentPart,
    DocumentRequisition,
    SummaryDocument,
)
from infrastructure.documents.setting import DocumentFailed, summary_pdf

__all__ = [
    "DocumentEntry",
    "DocumentFailed",
    "DocumentGap",
    "DocumentPart",
    "DocumentRequisition",
    "SummaryDocument",
    "summary_pdf",
]
