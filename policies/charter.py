"""The charter: may this asker do this, and which articles say so?

What nothing permits is refused. An error in an evaluation is a refusal too: Cedar skips a ``forbid`` that fails, so a
decision with an error in it must never be an acceptance.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cedarpy

from domain.compartments import Compartment
from domain.grounds import Ground
from domain.network.members import Entitlement
from policies.acts import Act, Concern
from policies.articles import Article, BadCharter, article_order, read_articles
from policies.facts import NO_PART, Asker, Relation, Situation
from policies.requests import Request, Subject, cedar_request
from policies.rules import (
    Policy,
    parse,
    policies_by_subject,
    policies_of,
    policy_ids,
    read_compartments,
    read_schema,
)

__all__ = [
    "CONSTANT_ANSWER",
    "NO_PART",
    "Act",
    "Article",
    "Asker",
    "BadCharter",
    "Charter",
    "Concern",
    "Decision",
    "Entitlement",
    "Ground",
    "Policy",
    "Relation",
    "Request",
    "Situation",
]

CONSTANT_ANSWER = "2.1"
"""The article of the constant answer: to an asker without part or shut out, and for a journey that does not exist."""

_REMEMBERED = 4096
_VERSION_LABEL = b"relais/v1/charter-version"


@dataclass(frozen=True, slots=True)
class Decision:
    """An answer of the charter.

    ``articles`` is never empty and in the charter's order; ``policies`` are the ids of the rules that decided: none if
    nothing permits, and the articles are then those of the rules that could have; ``errors`` are for the log, never for
    the screen.
    """

    allowed: bool
    articles: tuple[str, ...]
    policies: tuple[str, ...]
    errors: tuple[str, ...] = ()


class Charter:
    """The charter of a network, read once; a decision depends on the facts given, and on nothing else."""

    def __init__(
        self,
        articles: Mapping[str, Article],
        schema: cedarpy.Schema,
        compartments: cedarpy.Entities,
        version_hash: bytes,
    ) -> None:
        """Make a charter of what was read already. Raises ``BadCharter`` if a policy is not valid."""
        nodes = parse(articles, schema)
        self.articles = articles
        self.version_hash = version_hash
        self.policies = policies_of(nodes, articles)
        self._schema = schema
        self._compartments = compartments
        self._by_subject = policies_by_subject(nodes, compartments)
        # The facts are the key, and nothing but the facts decides: a kept answer cannot be stale.
        self._answer = lru_cache(maxsize=_REMEMBERED)(self._ask)
        self._misfit = lru_cache(maxsize=_REMEMBERED)(self._check_against_schema)

    @classmethod
    def load(cls, folder: Path) -> "Charter":
        """Read a charter's folder: schema, compartments, ``articles/``, the table of decisions.

        ``version_hash`` (32 bytes, SHA-256) is over the wording and that table (``matrix.md``), which are signed
        together (article 1.1). Raises ``BadCharter``, or ``OSError`` if a file is missing.
        """
        articles = read_articles(folder / "articles")
        schema = read_schema(folder)
        table = (folder / "matrix.md").read_bytes()
        return cls(
            articles, schema, read_compartments(folder, schema), _version_hash(articles, table)
        )

    def decide(
        self,
        act: Act,
        asker: Asker,
        situation: Situation | None = None,
        compartment: Compartment | None = None,
        ground: str | None = None,
    ) -> Decision:
        """Decide whether the act is allowed, and by which articles. No situation means no part in any journey.

        Raises ``ValueError`` if the compartment does not fit the act.
        """
        return self._answer(Request(act, asker, situation, compartment, ground))

    def _ask(self, request: Request) -> Decision:
        asked = self._by_subject[request.subject]
        errors = self._misfit(request.subject, request.asker.institution_kind, request.ground)
        result = cedarpy.is_authorized(cedar_request(request), asked.policy_set, self._compartments)
        if errors or result.diagnostics.errors:
            # The constant answer: an error must not tell a journey that exists from another.
            every = (*errors, *result.diagnostics.errors)
            return Decision(allowed=False, articles=(CONSTANT_ANSWER,), policies=(), errors=every)
        reasons = policy_ids(result)
        alone = frozenset(name for name in reasons if self.policies[name].answers_alone)
        reasons = alone or reasons
        return Decision(
            result.allowed, self._articles_of(reasons or asked.permits), tuple(sorted(reasons))
        )

    def _check_against_schema(
        self, subject: Subject, kind: str, ground: str | None
    ) -> tuple[str, ...]:
        """List the objections of the schema: an unknown kind or ground, a fact missing or too many.

        Every other fact of a request is a bool by its type, so one check for each kind and ground checks all requests;
        made at each decision it would take a third of its time.
        """
        nobody = Asker(
            institution_kind=kind,
            may=frozenset(),
            gateway=False,
            works_with_author=False,
            institution_signed=False,
            referent_signed=False,
            suspended=True,
            excluded=True,
        )
        act, compartment = subject
        result = cedarpy.is_authorized(
            cedar_request(Request(act, nobody, NO_PART, compartment, ground)),
            self._by_subject[subject].policy_set,
            self._compartments,
            self._schema,
        )
        return tuple(result.diagnostics.errors)

    def _articles_of(self, policies: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted({self.policies[name].article for name in policies}, key=article_order))


def _version_hash(articles: Mapping[str, Article], table: bytes) -> bytes:
    """SHA-256 over the digests of the wording and of the table of decisions."""
    wording = [[article.number, article.title, article.wording] for article in articles.values()]
    parts = (json.dumps(wording, ensure_ascii=False).encode(), table)
    digests = b"".join(hashlib.sha256(part).digest() for part in parts)
    return hashlib.sha256(_VERSION_LABEL + digests).digest()
