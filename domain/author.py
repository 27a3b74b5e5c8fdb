"""An author: who acts, for which institution."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Author:
    """Who acts: a referent, for an institution."""

    referent: UUID
    institution: UUID
