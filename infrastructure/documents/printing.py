"""A summary as the typesetter takes it: the domain's content, the network's names, titles in French."""

from uuid import UUID

from domain.catalogue import Catalogue, ground_title
from domain.network.network import Network
from domain.summary.parts import Part, SummaryItem
from domain.summary.summary import Summary
from infrastructure.documents.content import (
    DocumentEntry,
    DocumentGap,
    DocumentPart,
    DocumentRequisition,
    SummaryDocument,
)
from infrastructure.documents.setting import summary_pdf


class Printing:
    """Makes the documents of one network."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def summary(self, summary: Summary, network: Network, reader: UUID) -> bytes:
        """A released summary as PDF, the copy marked with its reader.

        Raises ``DocumentFailed``; ``ValueError`` if the summary was not released, or is not whole.
        """
        if summary.released_at is None or summary.copy_number is None or summary.frame.at is None:
            raise ValueError("not released")
        asked = summary.requisition
        recipient = network.institutions[summary.recipient].name
        return summary_pdf(
            SummaryDocument(
                network=network.name,
                number=summary.number,
                copy_number=summary.copy_number,
                recipient=f"{network.referents[reader].name}, {recipient}",
                composed_by=network.institutions[summary.composer.institution].name,
                released_at=summary.released_at,
                released_on=network.day(summary.released_at),
                frame_approved_on=network.day(summary.frame.at),
                requisition=None
                if asked is None
                else DocumentRequisition(
                    asked.number, asked.magistrate, asked.issued_on, asked.scope
                ),
                parts=tuple(self._part(network, part) for part in summary.standing_parts),
                missing=tuple(
                    DocumentGap(
                        gap.compartment,
                        network.institutions[gap.author_institution].name
                        if gap.author_institution
                        else None,
                        gap.count,
                    )
                    for gap in summary.missing
                ),
            )
        )

    def _part(self, network: Network, part: Part) -> DocumentPart:
        if part.items is None or part.decision.at is None:
            raise ValueError("not whole")
        return DocumentPart(
            compartment=part.compartment,
            institution=network.institutions[part.author_institution].name,
            ground=ground_title(self._catalogue, part.ground),
            approved_on=network.day(part.decision.at),
            entries=tuple(self._entry(network, item) for item in part.items),
        )

    def _entry(self, network: Network, item: SummaryItem) -> DocumentEntry:
        level = self._catalogue.danger_levels.get(item.level or "")
        kind = self._catalogue.action_kinds.get(item.kind)
        return DocumentEntry(
            occurred_on=item.occurred_on,
            title=kind.title if kind else item.kind,
            text=item.text,
            recorded_at=item.at,
            recorded_on=network.day(item.at),
            referent=item.referent,
            level=level.title if level else None,
        )
