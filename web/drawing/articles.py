"""The charter's articles, as pages cite them."""

from collections.abc import Iterable

from domain.compartments import Compartment
from policies.charter import Charter, Decision
from web.drawing.page import ArticleReference

_READ_BY = {
    Compartment.FOLLOW_UP: "4.2-factual",
    Compartment.IDENTITY: "4.1-confidential",
    Compartment.CONTACT: "6.2-contact",
    Compartment.DANGER: "4.1-confidential",
    Compartment.SOCIAL: "5.1-social-action",
    Compartment.HEALTH: "5.2-care",
    Compartment.SHELTER: "6.2-shelter",
    Compartment.CHILDREN: "5.5-children",
    Compartment.PROCEEDINGS: "6.1-entitled",
}
"""The rule that gives each compartment its readers; a network's own charter may have others."""


def article_references(charter: Charter, numbers: Iterable[str]) -> tuple[ArticleReference, ...]:
    """The articles of these numbers, with their title and wording; a number unknown here is left out."""
    return tuple(
        ArticleReference(article.number, article.title, article.wording)
        for number in numbers
        if (article := charter.articles.get(number)) is not None
    )


def wording_of(charter: Charter, policy: str) -> str:
    """The wording of one rule of the charter."""
    return charter.policies[policy].wording


def why(charter: Charter, decision: Decision, compartment: Compartment | None = None) -> str:
    """The reason for a decision: the wording of the rule that decided.

    If no rule did, nothing permitted the act: then the rule that gives the compartment its readers, else the
    article's title.
    """
    for policy in decision.policies:
        return charter.policies[policy].wording
    number = decision.articles[0]
    rule = charter.policies.get(_READ_BY.get(compartment, "")) if compartment else None
    if rule is not None and rule.article == number:
        return rule.wording
    return charter.articles[number].title
