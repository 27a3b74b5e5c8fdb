"""The door that asks the charter: may this asker do this, and which articles say so?

Default deny. Whatever goes wrong in an evaluation is a refusal: Cedar skips a ``forbid`` that
fails, so a decision with an error in it is never an acceptance.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cedarpy

from domain.compartments import Compartment
from policies.acts import Act, Concern
from policies.articles import Article, BadCharter, article_order, read_articles
from policies.facts import NO_PART, Asker, Entitlement, Ground, Relation, Situation
from policies.requests import Request, Subject, cedar_request
from policies.rules import (
    Policy,
    benches,
    parse,
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
"""The article given to whoever takes no part, is shut out, or asks for what does not exist."""

_REMEMBERED = 4096
_VERSION_LABEL = b"relais/v1/charter-version"


@dataclass(frozen=True, slots=True)
class Decision:
    """What the charter answers.

    ``articles`` is never empty and in the charter's order; ``policies`` are the ids of the rules
    that decided (none where nothing permits: the articles are then those of the rules that could
    have); ``errors`` are for the log, never for the screen.
    """

    allowed: bool
    articles: tuple[str, ...]
    policies: tuple[str, ...]
    errors: tuple[str, ...] = ()


class Charter:
    """The charter of a network, read once; a decision depends on the facts given, and no other."""

    def __init__(
        self,
        articles: Mapping[str, Article],
        schema: cedarpy.Schema,
        compartments: cedarpy.Entities,
        version_hash: bytes,
    ) -> None:
        """Take what is already read. Raises ``BadCharter`` if a policy is not valid."""
        nodes = parse(articles, schema)
        self.articles = articles
        self.version_hash = version_hash
        self.policies = policies_of(nodes, articles)
        self._schema = schema
        self._compartments = compartments
        self._benches = benches(nodes, compartments)
        # The facts are the key, and nothing but the facts decides: a kept answer cannot be stale.
        self._answer = lru_cache(maxsize=_REMEMBERED)(self._ask)
        self._misfit = lru_cache(maxsize=_REMEMBERED)(self._check_against_schema)

    @classmethod
    def load(cls, folder: Path) -> "Charter":
        """Read a charter's folder: schema, compartments, ``articles/``, the table of decisions.

        ``version_hash`` (32 bytes, SHA-256) is over the wording and that table (``matrix.md``),
        which is what is signed (article 1.1). Raises ``BadCharter``, or ``OSError`` where a file
        is missing.
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
        """Whether the act is allowed, by which articles. No situation: no part in any journey.

        Raises ``ValueError`` if the compartment does not fit the act.
        """
        return self._answer(Request(act, asker, situation, compartment, ground))

    def _ask(self, request: Request) -> Decision:
        bench = self._benches[request.subject]
        errors = self._misfit(request.subject, request.asker.institution_kind, request.ground)
        result = cedarpy.is_authorized(cedar_request(request), bench.policy_set, self._compartments)
        if errors or result.diagnostics.errors:
            # The constant answer: an error must not tell a journey that exists from another.
            found = (*errors, *result.diagnostics.errors)
            return Decision(allowed=False, articles=(CONSTANT_ANSWER,), policies=(), errors=found)
        reasons = policy_ids(result)
        alone = frozenset(one for one in reasons if self.policies[one].answers_alone)
        reasons = alone or reasons
        return Decision(
            result.allowed, self._articles_of(reasons or bench.permits), tuple(sorted(reasons))
        )

    def _check_against_schema(
        self, subject: Subject, kind: str, ground: str | None
    ) -> tuple[str, ...]:
        """What the schema objects to: an unknown kind or ground, a fact missing or too many.

        Of what else a request holds, each fact is a bool by its type, so one check for each kind
        and ground is a check of them all; made at each decision it would cost a third of it.
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
            self._benches[subject].policy_set,
            self._compartments,
            self._schema,
        )
        return tuple(result.diagnostics.errors)

    def _articles_of(self, policies: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted({self.policies[one].article for one in policies}, key=article_order))


def _version_hash(articles: Mapping[str, Article], table: bytes) -> bytes:
    """SHA-256 over the digests of the wording and of the table of decisions."""
    wording = [[one.number, one.title, one.wording] for one in articles.values()]
    parts = (json.dumps(wording, ensure_ascii=False).encode(), table)
    digests = b"".join(hashlib.sha256(part).digest() for part in parts)
    return hashlib.sha256(_VERSION_LABEL + digests).digest()
