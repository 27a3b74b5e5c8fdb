"""Authors of acts."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Author:
    """A referent who acts, and the institution for which."""

    referent: UUID
    institution: UUID
