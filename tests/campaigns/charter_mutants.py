"""Every rule of the charter made wrong in each small way: each must be noticed.

``python -m tests.campaigns.charter_mutants [--article 5.1]`` prints a line for each mutant that the table written by
hand (``tests/charter_expected.csv``) and the refusals (``tests/policies/test_refusals.py``) leave standing, says
whether at least the signed table (``policies/matrix.md``) would change, and ends with 1 where nothing notices at all.
"""

# ruff: noqa: T201 (it prints what it tried)

import argparse
import copy
import inspect
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import cedarpy

from policies import matrix
from policies.acts import Act
from policies.articles import read_articles
from policies.charter import BadCharter, Charter
from tests.policies import test_refusals
from tests.policies.cases import CHARTER_FOLDER, expected_cases

Node = dict[str, Any]

ARTICLES = read_articles(CHARTER_FOLDER / "articles")
SCHEMA = (CHARTER_FOLDER / "charter.cedarschema").read_text(encoding="utf-8")
COMPARTMENTS = (CHARTER_FOLDER / "compartments.json").read_text(encoding="utf-8")
EXPECTED = expected_cases()
REFUSALS: list[Callable[[Charter], None]] = [
    test
    for name, test in vars(test_refusals).items()
    if name.startswith("test_") and list(inspect.signature(test).parameters) == ["charter"]
]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A charter with one thing wrong. ``place`` is a policy's id, an act or a compartment; ``policies`` holds an
    article's rules as Cedar text where those are changed."""

    place: str
    what: str
    policies: tuple[str, str] | None = None
    schema: str = SCHEMA
    compartments: str = COMPARTMENTS

    def load(self) -> Charter:
        """The charter that it makes. Raises ``BadCharter``, or ``ValueError`` where Cedar refuses."""
        articles = dict(ARTICLES)
        if self.policies is not None:
            number, text = self.policies
            articles[number] = replace(articles[number], policies=text)
        schema = cedarpy.Schema.from_str(self.schema)
        entities = cedarpy.Entities.from_json_str(self.compartments, schema)
        return Charter(articles, schema, entities, b"")


def main() -> int:
    """Run the campaign; returns 1 where a mutant goes unnoticed by all."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--article", help="only the rules of this article, such as 5.1")
    wanted = asked.parse_args().article
    signed = (CHARTER_FOLDER / "matrix.md").read_text(encoding="utf-8")
    if verdict(Mutant("nowhere", "nothing changed"), signed) != "survived":
        print("the charter as it stands is refused: nothing can be learnt")
        return 1
    found: Counter[str] = Counter()
    for mutant in mutants(wanted):
        said = verdict(mutant, signed)
        found[said] += 1
        if said in {"table only", "survived"}:
            print(f"{said}: {mutant.place}: {mutant.what}", flush=True)
    print(f"{found.total()} mutants: " + ", ".join(f"{n} {said}" for said, n in found.items()))
    return 1 if found["survived"] or not found else 0


def verdict(mutant: Mutant, signed: str) -> str:
    """Who notices it: the loading, the table by hand, the refusals, only the signed table, or nobody."""
    try:
        charter = mutant.load()
    except (BadCharter, ValueError):
        return "refused at start"
    if not all(case.holds(charter) for case in EXPECTED):
        return "expected by hand"
    for refusal in REFUSALS:
        try:
            refusal(charter)
        except AssertionError:
            return "refused by name"
    return "table only" if any(part not in signed for part in _table(charter)) else "survived"


def _table(charter: Charter) -> Iterator[str]:
    """The parts of the table, one act after the other: the first that is not signed is enough."""
    for act in Act:
        for lines, titles in matrix._tables_of(charter, act).items():
            yield "\n\n".join(["\n".join(f"- {title}" for title in titles), lines])


def mutants(article: str | None = None) -> Iterator[Mutant]:
    """Every mutant, in the charter's order; of one article's rules where one is named."""
    for number, one in ARTICLES.items():
        if one.policies and article in {None, number}:
            yield from _of_article(number, one.policies)
    if article is None:
        yield from _of_schema()
        yield from _of_compartments()


def _of_article(number: str, text: str) -> Iterator[Mutant]:
    nodes: dict[str, Node] = json.loads(cedarpy.policies_to_json_str(text))["staticPolicies"]
    for key, node in nodes.items():
        name = node["annotations"]["id"]
        others = {other: nodes[other] for other in nodes if other != key}
        yield Mutant(name, "deleted", (number, _text(others)))
        for what, changed in _of_policy(node):
            yield Mutant(name, what, (number, _text(others | {key: changed})))


def _text(nodes: dict[str, Node]) -> str:
    tree = {"staticPolicies": nodes, "templates": {}, "templateLinks": []}
    return cedarpy.policies_from_json_str(json.dumps(tree)) if nodes else ""


def _of_policy(node: Node) -> Iterator[tuple[str, Node]]:
    turned = {"permit": "forbid", "forbid": "permit"}[node["effect"]]
    yield f"becomes a {turned}", node | {"effect": turned}
    notes = node["annotations"]
    if "answers_alone" in notes:
        fewer = {name: value for name, value in notes.items() if name != "answers_alone"}
        yield "answers no longer alone", node | {"annotations": fewer}
    elif node["effect"] == "forbid":
        # Of an acceptance nothing is hidden.
        yield "answers alone", node | {"annotations": notes | {"answers_alone": ""}}
    for part in ("principal", "action", "resource"):
        yield from _of_scope(node, part)
    conditions = node["conditions"]
    for at, condition in enumerate(conditions):
        where = f"condition {at + 1}"
        yield f"{where} dropped", _with_condition(node, at, None)
        other = {"when": "unless", "unless": "when"}[condition["kind"]]
        yield f"{where}: {other}", _with_condition(node, at, condition | {"kind": other})
        for what, body in _of_expression(condition["body"]):
            yield f"{where}: {what}", _with_condition(node, at, condition | {"body": body})


def _with_condition(node: Node, at: int, condition: Node | None) -> Node:
    conditions = list(node["conditions"])
    conditions[at : at + 1] = [] if condition is None else [condition]
    return node | {"conditions": conditions}


def _of_scope(node: Node, part: str) -> Iterator[tuple[str, Node]]:
    scope = node[part]
    if scope["op"] != "All":
        yield f"any {part}", node | {part: {"op": "All"}}
    entities = scope.get("entities", [])
    for entity in entities:
        rest = [other for other in entities if other != entity]
        if rest:
            yield f"{part} without {entity['id']}", node | {part: scope | {"entities": rest}}


def _of_expression(tree: Any) -> Iterator[tuple[str, Any]]:
    """Each expression with one thing changed, and what that was. ``tree`` is Cedar's JSON form."""
    if not isinstance(tree, dict):
        return
    ((operator, inner),) = tree.items()
    match operator:
        case "&&" | "||":
            other = "||" if operator == "&&" else "&&"
            yield f"{_said(tree)}: {other} for {operator}", {other: inner}
            yield f"{_said(inner['right'])} dropped", inner["left"]
            yield f"{_said(inner['left'])} dropped", inner["right"]
        case "!":
            yield f"{_said(tree)}: not negated", inner["arg"]
        case "Set":
            for at, one in enumerate(inner):
                if len(inner) > 1:
                    yield f"set without {_said(one)}", {"Set": [*inner[:at], *inner[at + 1 :]]}
            return
        case "." | "==" | "in" | "contains":
            yield f"{_said(tree)}: negated", {"!": {"arg": tree}}
            if operator == ".":
                return
        case _:
            return
    for side, below in inner.items():
        for what, changed in _of_expression(below):
            yield what, {operator: inner | {side: changed}}


def _said(tree: Any) -> str:
    """An expression in few words, to be found again."""
    names = re.findall(r'"(?:attr|id|Var)": "(\w[\w-]*)"', json.dumps(tree))
    return " ".join(name for name in names if name != "context")


def _of_schema() -> Iterator[Mutant]:
    """Each act taken out of each of its groups."""
    for found in re.finditer(r"^action ([\w, ]+?)\s+in \[([\w, ]+)\]", SCHEMA, re.MULTILINE):
        acts, groups = (found[part].split(", ") for part in (1, 2))
        end = SCHEMA.index(";", found.end())
        applies = SCHEMA[found.end() : end + 1]
        for act in acts:
            for group in groups:
                fewer = ", ".join(one for one in groups if one != group)
                others = ", ".join(one for one in acts if one != act)
                alone = f"action {act}" + (f" in [{fewer}]" if fewer else "") + applies
                kept = f"action {others} in [{found[2]}]{applies}\n" if others else ""
                text = SCHEMA[: found.start()] + kept + alone + SCHEMA[end + 1 :]
                yield Mutant(act, f"not in group {group}", schema=text)


def _of_compartments() -> Iterator[Mutant]:
    """Each compartment taken out of each of its classes."""
    known: list[Node] = json.loads(COMPARTMENTS)
    for at, one in enumerate(known):
        for parent in one["parents"]:
            changed = copy.deepcopy(known)
            changed[at]["parents"].remove(parent)
            what = f"not of class {parent['id']}"
            yield Mutant(one["uid"]["id"], what, compartments=json.dumps(changed))


if __name__ == "__main__":
    sys.exit(main())
