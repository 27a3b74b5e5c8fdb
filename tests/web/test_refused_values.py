"""A refusal of the domain finds its field: every value that a rule may refuse is held by a field of the form."""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pytest

from domain.journey.journey import Journey
from domain.summary.summary import Summary
from web.routes import ROUTES
from web.site.form_page import FormPage
from web.site.routing import Route

ROOT = Path(__file__).resolve().parents[2]
SENT = [route for route in ROUTES if route.form is not None and route.form.model_fields]

NEVER_TYPED = {
    ("correct", "compartment"): "an entry stays in its compartment",
    ("correct", "completes"): "an entry goes on completing the same action",
    ("correct", "purpose"): "the purpose of the consult was asked before",
    ("done", "text"): "what a completed action says is written by the application",
    ("done", "occurred_on"): "it is done today",
    ("done", "completes"): "it completes the entry of the address",
    ("done", "compartment"): "it is written where planned actions are",
    ("open_journey", "text"): "the first level of danger needs no words",
    ("open_journey", "occurred_on"): "it is of today",
    ("open_journey", "completes"): "it completes nothing",
    ("open_journey", "compartment"): "it is written into danger",
    ("person", "purpose"): "the purpose of the consult was asked before",
    ("answer", "purpose"): "whoever accepts consults for a purpose that the page gives",
}
"""Refusals of values that nobody types into these forms."""


def names_refused(source: ast.AST) -> set[str]:
    """The names of values in every ``InvalidValue`` that a piece of code raises.

    A name is a constant, a variable of a loop over constants, or a parameter called ``field`` (see ``fields_named``).
    """
    found: set[str] = set()
    for node in ast.walk(source):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "InvalidValue":
            name = node.args[0]
            if isinstance(name, ast.Constant):
                found.add(str(name.value))
            elif ast.unparse(name) != "field":
                looped = _looped_over(source, ast.unparse(name))
                assert looped, f"nobody can tell which value {ast.unparse(node)} refuses"
                found |= looped
    return found


def _looped_over(source: ast.AST, variable: str) -> set[str]:
    """The constants that a loop gives to a variable, one after the other."""
    loops = [node for node in ast.walk(source) if isinstance(node, ast.For)]
    return {
        str(constant.value)
        for loop in loops
        if variable in {name.id for name in ast.walk(loop.target) if isinstance(name, ast.Name)}
        for constant in ast.walk(loop.iter)
        if isinstance(constant, ast.Constant)
    }


def fields_named(function: FunctionType) -> set[str]:
    """The constants that a function gives to a parameter called ``field`` of the functions that it calls."""
    found: set[str] = set()
    for node in ast.walk(_tree(function)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            called = function.__globals__.get(node.func.id)
            if isinstance(called, FunctionType) and "field" in inspect.signature(called).parameters:
                given = inspect.signature(called).bind(*node.args).arguments["field"]
                found |= {str(given.value)} if isinstance(given, ast.Constant) else set()
    return found


@cache
def _tree(function: Callable[..., Any]) -> ast.AST:
    return ast.parse(textwrap.dedent(inspect.getsource(function)))


def functions_called(function: FunctionType) -> Iterator[FunctionType]:
    """The functions of ours that a function names: those of modules, and the aggregates' own methods."""
    for node in ast.walk(_tree(function)):
        if isinstance(node, ast.Name):
            yield from _ours(function.__globals__.get(node.id))
        elif isinstance(node, ast.Attribute):
            owner = function.__globals__.get(getattr(node.value, "id", ""))
            if isinstance(owner, ModuleType):
                yield from _ours(getattr(owner, node.attr, None))
            else:
                for aggregate in (Journey, Summary):
                    yield from _ours(inspect.getattr_static(aggregate, node.attr, None))


def _ours(value: object) -> Iterator[FunctionType]:
    function = inspect.unwrap(getattr(value, "__func__", value))  # type: ignore[arg-type]
    if isinstance(function, FunctionType):
        room = function.__module__.partition(".")[0]
        if room in ("web", "application", "domain"):
            yield function


def refusable(act: FunctionType) -> set[str]:
    """The names of every value that an act may refuse, as far as its calls can be followed."""
    seen: set[FunctionType] = set()
    awaiting = [act]
    while awaiting:
        function = awaiting.pop()
        if function not in seen:
            seen.add(function)
            awaiting += functions_called(function)
    return {
        name
        for function in seen
        for name in names_refused(_tree(function)) | fields_named(function)
    }


def act_of(route: Route) -> FunctionType:
    """The act of a route: a form page's, else the handler itself."""
    page = getattr(route.handler, "__self__", None)
    act = page.act if isinstance(page, FormPage) else route.handler
    assert isinstance(act, FunctionType)
    return act


@pytest.mark.parametrize("route", SENT, ids=lambda route: route.name)
def test_every_value_that_an_act_may_refuse_has_its_field(route: Route) -> None:
    """Given a form, when a rule refuses a value of its act, then one of its fields holds that value."""
    assert route.form is not None
    refused = {name for name in refusable(act_of(route)) if (route.name, name) not in NEVER_TYPED}
    assert {name for name in refused if name and not route.form.field_of(name)} == set()


def test_nothing_is_excused_for_nothing() -> None:
    """Given the refusals that are excused, when the acts are walked, then each of them may still come about."""
    may = {(route.name, name) for route in SENT for name in refusable(act_of(route))}
    assert NEVER_TYPED.keys() - may == set()


def test_every_refusal_of_the_rules_is_met_on_the_way_from_a_form() -> None:
    """Given the sources of the rules, when their refusals are listed, then the walk from the forms meets each."""
    written = {
        name
        for room in ("domain", "application")
        for path in (ROOT / room).rglob("*.py")
        for name in names_refused(ast.parse(path.read_text("utf-8")))
    }
    met = {name for route in ROUTES for name in refusable(act_of(route))}
    assert len(written) > 20
    assert written - met == set()
