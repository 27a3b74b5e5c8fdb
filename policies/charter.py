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
from typing import Any

import cedarpy

from domain.compartments import Compartment
from policies.acts import Act, Concern
from policies.articles import Article, BadCharter, article_order, read_articles
from policies.facts import NO_PART, Asker, Entitlement, Ground, Relation, Situation

__all__ = [
    "CONSTANT_ANSWER",
    "NO_PART",
    "Act",
    "Article",
    "Asker",
    "BadCharter",
    "Charter",
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
class Policy:
    """One rule of an article: ``effect`` is "permit" or "forbid", ``wording`` is French."""

    id: str
    article: str
    effect: str
    wording: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What the charter answers.

    ``articles`` is never empty and in the charter's order; ``policies`` are the ids of the rules
    that decided (none where nothing permits: the articles are then those that might have);
    ``errors`` are for the log, never for the screen.
    """

    allowed: bool
    articles: tuple[str, ...]
    policies: tuple[str, ...]
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """One question to the charter. Raises ``ValueError`` if the compartment does not fit the act."""

    act: Act
    asker: Asker
    situation: Situation | None = None
    compartment: Compartment | None = None
    ground: str | None = None

    def __post_init__(self) -> None:
        if (self.act.concerns is Concern.COMPARTMENT) != (self.compartment is not None):
            raise ValueError(f"{self.act}: a compartment is given for acts on compartments, only")


class Charter:
    """The charter of a network, read once; it keeps nothing that can grow stale."""

    def __init__(
        self, articles: Mapping[str, Article], schema: cedarpy.Schema, version_hash: bytes
    ) -> None:
        """Take articles already read. Raises ``BadCharter`` if a policy is not valid."""
        source = "\n".join(article.policies for article in articles.values())
        tree = _parse(source, schema)
        self.articles = articles
        self.version_hash = version_hash
        self.policies = _policies(tree, articles)
        self._alone = frozenset(_annotated(tree, "answers_alone"))
        self._schema = schema
        self._policy_set = cedarpy.PolicySet.from_str(source)
        self._scopes = cedarpy.PolicySet.from_json_str(json.dumps(_scopes_of_permits(tree)))
        self._entities = _compartments(schema)
        self._decide = lru_cache(maxsize=_REMEMBERED)(self._ask)

    @classmethod
    def load(cls, folder: Path) -> "Charter":
        """Read the charter of a folder: schema, ``articles/`` and the decision table (matrix.md).

        ``version_hash`` (32 bytes, SHA-256) is over the wording and that table, which is what is
        signed (article 1.1). Raises ``BadCharter``, or ``OSError`` where a file is missing.
        """
        articles = read_articles(folder / "articles")
        table = (folder / "matrix.md").read_bytes()
        return cls(articles, read_schema(folder), version_hash(articles, table))

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
        return self._decide(Request(act, asker, situation, compartment, ground))

    def decide_all(self, requests: Iterable[Request]) -> list[Decision]:
        """The decisions on several requests, in their order; one call to the engine."""
        asked = list(requests)
        results = cedarpy.is_authorized_batch(
            [_cedar_request(request) for request in asked],
            self._policy_set,
            self._entities,
            self._schema,
        )
        return [
            self._decision(request, result)
            for request, result in zip(asked, results, strict=True)
        ]

    def _ask(self, request: Request) -> Decision:
        return self.decide_all([request])[0]

    def _decision(self, request: Request, result: cedarpy.AuthzResult) -> Decision:
        errors = tuple(result.diagnostics.errors)
        if errors:
            # The constant answer: an error must not tell a journey that exists from another.
            return Decision(False, (CONSTANT_ANSWER,), (), errors)
        reasons = _ids(result)
        alone = reasons & self._alone
        if alone and not result.allowed:
            reasons = alone
        return Decision(
            result.allowed,
            self._articles_of(reasons or self._candidates(request)),
            tuple(sorted(reasons)),
        )

    def _candidates(self, request: Request) -> frozenset[str]:
        """The permits made for this act on this compartment, whatever their conditions."""
        asked = _cedar_request(request)
        return _ids(cedarpy.is_authorized(asked, self._scopes, self._entities, self._schema))

    def _articles_of(self, policies: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted({self.policies[one].article for one in policies}, key=article_order))


def read_schema(folder: Path) -> cedarpy.Schema:
    """Read ``charter.cedarschema``. Raises ``BadCharter``."""
    try:
        return cedarpy.Schema.from_str((folder / "charter.cedarschema").read_text(encoding="utf-8"))
    except ValueError as error:
        raise BadCharter(f"charter.cedarschema: {error}") from error


def version_hash(articles: Mapping[str, Article], table: bytes) -> bytes:
    """SHA-256 (32 bytes) over the articles' wording and the decision table, unambiguously joined."""
    wording = [[one.number, one.title, one.wording] for one in articles.values()]
    parts = (json.dumps(wording, ensure_ascii=False).encode(), table)
    digests = b"".join(hashlib.sha256(part).digest() for part in parts)
    return hashlib.sha256(_VERSION_LABEL + digests).digest()


def _parse(source: str, schema: cedarpy.Schema) -> dict[str, Any]:
    checked = cedarpy.validate_policies(source, schema)
    if not checked.validation_passed:
        raise BadCharter("; ".join(map(str, checked.errors)))
    tree: dict[str, Any] = json.loads(cedarpy.policies_to_json_str(source))["staticPolicies"]
    return tree


def _policies(tree: dict[str, Any], articles: Mapping[str, Article]) -> Mapping[str, Policy]:
    policies: dict[str, Policy] = {}
    for node in tree.values():
        notes = node.get("annotations", {})
        policy = Policy(
            notes.get("id", ""), notes.get("article", ""), node["effect"], notes.get("wording", "")
        )
        if not policy.id or policy.id in policies:
            raise BadCharter(f"a policy without an @id of its own: {policy.id!r}")
        if policy.article not in articles or not policy.wording:
            raise BadCharter(f"{policy.id}: an @article of the charter and a @wording are needed")
        if f'@id("{policy.id}")' not in articles[policy.article].policies:
            raise BadCharter(f"{policy.id}: stands in another article's file")
        policies[policy.id] = policy
    return policies


def _annotated(tree: dict[str, Any], annotation: str) -> Iterable[str]:
    for node in tree.values():
        if annotation in node["annotations"]:
            yield node["annotations"]["id"]


def _scopes_of_permits(tree: dict[str, Any]) -> dict[str, Any]:
    permits = {
        name: node | {"conditions": []} for name, node in tree.items() if node["effect"] == "permit"
    }
    return {"staticPolicies": permits, "templates": {}, "templateLinks": []}


def _compartments(schema: cedarpy.Schema) -> cedarpy.Entities:
    entities = [
        {
            "uid": {"type": "Compartment", "id": compartment.value},
            "attrs": {},
            "parents": [{"type": "Class", "id": compartment.information_class.value}],
        }
        for compartment in Compartment
    ]
    return cedarpy.Entities.from_json_str(json.dumps(entities), schema)


def _ids(result: cedarpy.AuthzResult) -> frozenset[str]:
    return frozenset(result.diagnostics.id_annotations_by_reason.values())


def _cedar_request(request: Request) -> dict[str, Any]:
    concern = request.act.concerns
    resource = request.compartment.value if request.compartment else concern.lower()
    return {
        "principal": {"type": "Kind", "id": request.asker.institution_kind},
        "action": {"type": "Action", "id": request.act.value},
        "resource": {"type": concern.value, "id": resource},
        "context": {
            "asker": _asker_facts(request.asker),
            "situation": _situation_facts(request.situation or NO_PART),
            "ground": {"type": "Ground", "id": request.ground or Ground.NONE.value},
        },
    }


def _asker_facts(asker: Asker) -> dict[str, Any]:
    return {
        "may": {one.name.lower(): one.value in asker.may for one in Entitlement},
        "gateway": asker.gateway,
        "works_with_author": asker.works_with_author,
        "institution_signed": asker.institution_signed,
        "referent_signed": asker.referent_signed,
        "suspended": asker.suspended,
        "excluded": asker.excluded,
    }


def _situation_facts(situation: Situation) -> dict[str, Any]:
    return {
        "takes_part": situation.relation.takes_part,
        "has_joined": situation.relation.has_joined,
        "leads": situation.relation is Relation.LEAD,
        "on_call": situation.relation is Relation.ON_CALL,
        "shut_out": situation.shut_out,
        "closed": situation.state == "closed",
        "shared": _references(situation.consent | situation.ground_scope),
        "consent": _references(situation.consent),
        "includes_past": situation.includes_past,
        "takes_part_in_care": situation.takes_part_in_care,
        "works_with_person": situation.works_with_person,
        "designated_coordinator": situation.designated_coordinator,
        "shelters": situation.shelters,
        "address_hidden": situation.address_hidden,
        "listed": situation.listed,
        "person_informed": situation.person_informed,
        "has_open_task": situation.has_open_task,
        "purpose_given": bool(situation.purpose),
        "is_author_institution": situation.is_author_institution,
        "is_composer": situation.is_composer,
        "is_approved": situation.is_approved,
        "is_addressee": situation.is_addressee,
        "under_requisition": situation.within_requisition is not None,
        "within_requisition": bool(situation.within_requisition),
    }


def _references(compartments: Iterable[Compartment]) -> list[dict[str, str]]:
    return [{"type": "Compartment", "id": one.value} for one in sorted(compartments)]
