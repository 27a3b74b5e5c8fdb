"""The charter's articles, as pages cite them."""

from collections.abc import Iterable

from policies.charter import Charter, Decision
from web.views.page import ArticleReference


def article_references(charter: Charter, numbers: Iterable[str]) -> tuple[ArticleReference, ...]:
    """The articles of these numbers, with their title and wording; a number unknown here is left out."""
    return tuple(
        ArticleReference(article.number, article.title, article.wording)
        for number in numbers
        if (article := charter.articles.get(number)) is not None
    )


def wording_of(charter: Charter, policy: str) -> str:
    """What one rule of the charter says."""
    return charter.policies[policy].wording


def why(charter: Charter, decision: Decision) -> str:
    """What a decision rests on, in the words of the rule that decided, else of the article's title."""
    for policy in decision.policies:
        return charter.policies[policy].wording
    return charter.articles[decision.articles[0]].title
