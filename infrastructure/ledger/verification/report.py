"""The findings of ``relais verify``: named mismatches, each with its place (docs/ledger.md)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Self
from uuid import UUID

KEPT: Final = 100
"""The number of mismatches that a report keeps, unless it is told."""


class MismatchKind(StrEnum):
    """The kinds of mismatch. ``message`` says it on screen."""

    message: str

    def __new__(cls, code: str, message: str) -> Self:
        """A kind: its code, and its French message id."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.message = message
        return member

    POSITION_MISSING = "position_missing", "Une position manque dans l’ordre du registre."
    ENTRY_MISSING = "entry_missing", "L’inscription de cette position a disparu."
    LEAF_ALTERED = "leaf_altered", "L’empreinte rangée n’est pas celle de l’inscription."
    HEADER_REFUSED = "header_refused", "L’en-tête de l’inscription est altéré."
    SIGNATURE_REFUSED = "signature_refused", "La session n’a pas signé cet en-tête."
    BODY_MISSING = "body_missing", "Le corps scellé de l’inscription a disparu."
    BODY_ALTERED = "body_altered", "Le corps scellé de l’inscription est altéré."
    TRACE_ALTERED = "trace_altered", "La trace scellée de l’inscription est altérée."
    COLUMN_ALTERED = "column_altered", "Une colonne ne dit pas ce que dit l’en-tête."
    SESSION_UNKNOWN = (
        "session_unknown",
        "Aucune clé n’ouvre à l’audit les inscriptions de cette session.",
    )
    ROW_WITHOUT_ENTRY = "row_without_entry", "Cette ligne n’appartient à aucune inscription."
    NETWORK_UNKNOWN = "network_unknown", "Cette ligne est rangée sous un réseau qui n’existe pas."

    CHECKPOINT_REFUSED = "checkpoint_refused", "Ce sceau n’est pas signé par la maison."
    CHECKPOINT_ROOT = "checkpoint_root", "Le registre n’est pas celui que ce sceau a scellé."
    CHECKPOINT_BEYOND = "checkpoint_beyond", "Le registre est plus court que ce sceau."
    EARLIER_REFUSED = "earlier_refused", "Le sceau présenté n’est pas signé par la maison."
    EARLIER_BEYOND = "earlier_beyond", "Le registre est plus court que le sceau présenté."
    EARLIER_ROOT = "earlier_root", "Le registre a été réécrit depuis le sceau présenté."
    EARLIER_MISSING = "earlier_missing", "Le sceau présenté n’est plus dans le registre."

    ROW_UNNAMED = "row_unnamed", "Aucune inscription ne nomme cette ligne telle qu’elle est."
    ROW_MISSING = "row_missing", "La ligne que cette inscription nomme a disparu ou changé."
    ROW_NAMED_TWICE = "row_named_twice", "Deux inscriptions nomment la même ligne."
    ROW_PUT_BACK = "row_put_back", "Une ligne remplacée ou détruite a été remise."
    GRANT_TAKEN_AWAY = "grant_taken_away", "Une habilitation a été vidée sans inscription."
    ERASURE_REFUSED = "erasure_refused", "Cet effacement n’est pas signé par la maison."
    VERSION_MISSING = "version_missing", "Une version manque dans la suite des événements."
    ORDER_CHANGED = "order_changed", "Le registre et les événements ne sont pas dans le même ordre."
    DIRECTORY_REFUSED = "directory_refused", "Cette ligne de l’annuaire n’est pas acceptée."

    BODY_UNOPENED = "body_unopened", "Le corps de l’inscription ne s’ouvre pas avec sa clé."
    CERTIFICATE_REFUSED = "certificate_refused", "La session n’est pas certifiée pour cet acte."
    SECRET_UNOPENED = "secret_unopened", "Un secret de suivi ne s’ouvre pas avec la maison."


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One thing that does not match: what kind, where (table and key).

    ``subject`` is the journey or summary concerned, if that is known.
    """

    kind: MismatchKind
    where: str
    subject: UUID | None = None

    @property
    def what(self) -> str:
        """The mismatch as a French message id."""
        return self.kind.message

    def __str__(self) -> str:
        return f"{self.where} : {self.what}"


@dataclass(slots=True)
class Findings:
    """Collects mismatches in the order in which they are met: ``limit`` are kept, all are counted."""

    limit: int
    kept: list[Mismatch] = field(default_factory=list)
    number: int = 0

    def add(self, kind: MismatchKind, where: str, subject: UUID | None = None) -> None:
        """Note one mismatch."""
        self.number += 1
        if len(self.kept) < self.limit:
            self.kept.append(Mismatch(kind, where, subject))


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a verification: its extent, and the mismatches.

    ``size`` leaves were recomputed, of which ``checkpoint_size`` are under the last checkpoint that holds; ``outside``
    entries are not (those that wait for their place, ``unsequenced``, are among them): of these no order is proved.
    ``mismatches`` are the first found of ``number``.
    """

    size: int
    checkpoint_size: int
    unsequenced: int
    checkpoints: int
    rows: int
    mismatches: Sequence[Mismatch]
    number: int

    @property
    def outside(self) -> int:
        """The number of entries that are not under a checkpoint."""
        return self.size - self.checkpoint_size + self.unsequenced

    @property
    def sound(self) -> bool:
        """Whether everything matches."""
        return self.number == 0


def place(table: str, **key: object) -> str:
    """Where a row stands, as ``relais.event originator=… version=3``; bytes in hexadecimal."""
    told = (
        f"{name}={value.hex() if isinstance(value, bytes) else value}"
        for name, value in key.items()
    )
    return " ".join((f"relais.{table}", *told))
