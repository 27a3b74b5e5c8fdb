"""The rules of the charter: Cedar policies checked against the schema, and sorted by subject.

Cedar weighs every policy of a set at each question. So each act, on each compartment, gets a set of its own with the
policies whose scope covers it: the answer is the same, and comes sooner.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import cedarpy

from domain.compartments import Compartment
from policies.acts import Act, Concern
from policies.articles import Article, BadCharter
from policies.requests import Subject, cedar_subject

Nodes: TypeAlias = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Policy:
    """One rule of an article: ``effect`` is "permit" or "forbid", ``wording`` is French.

    A rule that ``answers_alone`` hides every other reason of a refusal.
    """

    id: str
    article: str
    effect: str
    wording: str
    answers_alone: bool


@dataclass(frozen=True, slots=True)
class SubjectPolicies:
    """The policies about one act and compartment, and the ids of those that may permit it."""

    policy_set: cedarpy.PolicySet
    permits: frozenset[str]


def read_schema(folder: Path) -> cedarpy.Schema:
    """Read ``charter.cedarschema``. Raises ``BadCharter``."""
    try:
        return cedarpy.Schema.from_str((folder / "charter.cedarschema").read_text(encoding="utf-8"))
    except ValueError as error:
        raise BadCharter(f"charter.cedarschema: {error}") from error


def read_compartments(folder: Path, schema: cedarpy.Schema) -> cedarpy.Entities:
    """Read ``compartments.json``: the classes of each compartment. Raises ``BadCharter``."""
    try:
        text = (folder / "compartments.json").read_text(encoding="utf-8")
        return cedarpy.Entities.from_json_str(text, schema)
    except ValueError as error:
        raise BadCharter(f"compartments.json: {error}") from error


def parse(articles: Mapping[str, Article], schema: cedarpy.Schema) -> Nodes:
    """Read the policies of all articles, by id, as Cedar's JSON tree. Raises ``BadCharter``."""
    source = "\n".join(article.policies for article in articles.values())
    checked = cedarpy.validate_policies(source, schema)
    if not checked.validation_passed:
        raise BadCharter("; ".join(map(str, checked.errors)))
    nodes: Nodes = {}
    for node in json.loads(cedarpy.policies_to_json_str(source))["staticPolicies"].values():
        name = node.get("annotations", {}).get("id", "")
        if not name or name in nodes:
            raise BadCharter(f"a policy without an @id of its own: {name!r}")
        nodes[name] = node
    return nodes


def policies_of(nodes: Nodes, articles: Mapping[str, Article]) -> Mapping[str, Policy]:
    """Read the policies by id. Raises ``BadCharter`` for one without wording, or in the file of another article."""
    return {name: _policy(name, node, articles) for name, node in nodes.items()}


def policies_by_subject(
    nodes: Nodes, compartments: cedarpy.Entities
) -> Mapping[Subject, SubjectPolicies]:
    """Sort the policies by subject. Raises ``BadCharter`` for an act that nothing ever permits."""
    scopes = policy_set({name: _scope(node) for name, node in nodes.items()})
    by_subject = {}
    for act, compartment in _subjects():
        asked = {"principal": 'Kind::"any"', **cedar_subject(act, compartment)}
        names = policy_ids(cedarpy.is_authorized(asked, scopes, compartments))
        permits = frozenset(name for name in names if nodes[name]["effect"] == "permit")
        if not permits:
            raise BadCharter(f"{act} {compartment}: nothing permits it, no article could refuse it")
        by_subject[act, compartment] = SubjectPolicies(
            policy_set({name: nodes[name] for name in sorted(names)}), permits
        )
    return by_subject


def policy_set(nodes: Nodes) -> cedarpy.PolicySet:
    """Turn policies into Cedar's own form."""
    tree = {"staticPolicies": nodes, "templates": {}, "templateLinks": []}
    return cedarpy.PolicySet.from_json_str(json.dumps(tree))


def policy_ids(result: cedarpy.AuthzResult) -> frozenset[str]:
    """The ids of the policies that decided."""
    return frozenset(result.diagnostics.id_annotations_by_reason.values())


def _policy(name: str, node: dict[str, Any], articles: Mapping[str, Article]) -> Policy:
    notes = node["annotations"]
    number, wording = notes.get("article"), notes.get("wording")
    if number not in articles or not wording:
        raise BadCharter(f"{name}: an @article of the charter and a @wording are needed")
    if f'@id("{name}")' not in articles[number].policies:
        raise BadCharter(f"{name}: stands in another article's file")
    return Policy(name, number, node["effect"], wording, "answers_alone" in notes)


def _scope(node: dict[str, Any]) -> dict[str, Any]:
    """Make a policy that holds for the same action and resource as this one, whoever asks."""
    return node | {"effect": "permit", "principal": {"op": "All"}, "conditions": []}


def _subjects() -> Iterable[Subject]:
    for act in Act:
        if act.concerns is Concern.COMPARTMENT:
            yield from ((act, compartment) for compartment in Compartment)
        else:
            yield act, None
