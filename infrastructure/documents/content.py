"""The content of a summary's document, before it is typeset. ``repr`` of these values shows no content."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from babel.dates import format_date

from domain.compartments import Compartment
from infrastructure.documents.printable import printable_line, printable_lines


@dataclass(frozen=True, slots=True, repr=False)
class DocumentEntry:
    """One entry. ``title`` is its kind in French; ``recorded_on`` is the network's day of ``recorded_at``."""

    occurred_on: date
    title: str
    text: str
    recorded_at: datetime
    recorded_on: date
    referent: str
    level: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class DocumentPart:
    """The entries of one institution in one compartment on one ground (a title in French)."""

    compartment: Compartment
    institution: str
    ground: str
    approved_on: date
    entries: tuple[DocumentEntry, ...]


@dataclass(frozen=True, slots=True, repr=False)
class DocumentGap:
    """Entries that exist and were not added; the institution is None if it cannot be known."""

    compartment: Compartment
    institution: str | None
    count: int


@dataclass(frozen=True, slots=True, repr=False)
class DocumentRequisition:
    """The magistrate's requisition."""

    number: str
    magistrate: str
    issued_on: date
    scope: frozenset[Compartment]


@dataclass(frozen=True, slots=True, repr=False)
class SummaryDocument:
    """A whole summary, as released. ``copy_number`` and ``recipient`` make the mark of the copy (article 14.4)."""

    network: str
    number: str
    copy_number: int
    recipient: str
    composed_by: str
    released_at: datetime
    released_on: date
    frame_approved_on: date
    requisition: DocumentRequisition | None
    parts: tuple[DocumentPart, ...]
    missing: tuple[DocumentGap, ...]


def as_data(document: SummaryDocument) -> dict[str, Any]:
    """The document as the template reads it: texts that fonts can draw, dates in French, parts by compartment."""
    return {
        "network": printable_line(document.network),
        "number": printable_line(document.number),
        "recipient": printable_line(document.recipient),
        "mark": _mark(document),
        "composed_by": printable_line(document.composed_by),
        "released_on": _day(document.released_on),
        "released_at": list(document.released_at.astimezone(UTC).timetuple()[:6]),
        "frame_approved_on": _day(document.frame_approved_on),
        "requisition": document.requisition and _requisition(document.requisition),
        "missing": [_gap(gap) for gap in document.missing],
        "compartments": [
            {
                "label": compartment.label,
                "holds": compartment.holds,
                "parts": [
                    _part(part) for part in document.parts if part.compartment is compartment
                ],
            }
            for compartment in _in_order(part.compartment for part in document.parts)
        ],
    }


def _mark(document: SummaryDocument) -> str:
    return (
        f"exemplaire n°\u00a0{document.copy_number} — remis à {printable_line(document.recipient)}"
    )


def _requisition(requisition: DocumentRequisition) -> dict[str, Any]:
    return {
        "number": printable_line(requisition.number),
        "magistrate": printable_line(requisition.magistrate),
        "issued_on": _day(requisition.issued_on),
        "scope": [compartment.label for compartment in _in_order(requisition.scope)],
    }


def _gap(gap: DocumentGap) -> dict[str, Any]:
    entries = "1\u00a0inscription" if gap.count == 1 else f"{gap.count}\u00a0inscriptions"
    return {
        "label": gap.compartment.label,
        "entries": entries,
        "institution": printable_line(gap.institution) if gap.institution else None,
    }


def _part(part: DocumentPart) -> dict[str, Any]:
    in_time = sorted(part.entries, key=lambda entry: (entry.occurred_on, entry.recorded_at))
    return {
        "institution": printable_line(part.institution),
        "ground": printable_line(part.ground),
        "approved_on": _day(part.approved_on),
        "entries": [_entry(entry) for entry in in_time],
    }


def _entry(entry: DocumentEntry) -> dict[str, Any]:
    return {
        "occurred_on": _day(entry.occurred_on),
        "title": printable_line(entry.title),
        "level": printable_line(entry.level) if entry.level else None,
        "lines": printable_lines(entry.text),
        "recorded": f"Inscrit le {_day(entry.recorded_on)} par {printable_line(entry.referent)}",
    }


def _in_order(compartments: Iterable[Compartment]) -> list[Compartment]:
    return sorted(set(compartments), key=lambda compartment: compartment.code)


def _day(day: date) -> str:
    """A date in French, with spaces that do not break: « 1er mars 2026 »."""
    written = format_date(day, "d MMMM y", locale="fr")
    first = written.replace("1 ", "1er ", 1) if day.day == 1 else written
    return first.replace(" ", "\u00a0")
