"""Articles, one a file: French wording in the head, policies below.

    // Article 5.2 : La santé
    // Confiance : H
    // Références : CSP, L. 1110-4 et R. 1110-1
    //
    // The wording, in French; an empty comment line begins a new paragraph.

The policies begin at the first line that is no comment.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_FILE = re.compile(r"^(\d\d)_(\d+)_[a-z_]+\.cedar$")
_TITLE = re.compile(r"^Article (\d+\.\d+) : (\S.*)$")
_CONFIDENCE = re.compile(r"^Confiance : ([HML](?:/[HML])?)$")
_REFERENCES = re.compile(r"^Références : (\S.*)$")


class BadCharter(ValueError):
    """The charter's folder cannot be used; the message says which file and why."""


@dataclass(frozen=True, slots=True)
class Article:
    """One article of the charter.

    ``confidence`` is H (the text was read), M (a secondary source) or L (for the network's data-protection officer to
    settle); ``policies`` is Cedar text, empty if the article is kept by a procedure and not by a rule of access.
    """

    number: str
    title: str
    confidence: str
    references: str
    wording: str
    policies: str

    @property
    def order(self) -> tuple[int, int]:
        """Its place in the charter: (part, article)."""
        return article_order(self.number)


def article_order(number: str) -> tuple[int, int]:
    """The place of an article number such as ``"5.2"`` in the charter."""
    part, _, article = number.partition(".")
    return int(part), int(article)


def read_articles(folder: Path) -> Mapping[str, Article]:
    """Read every article of a folder, in the charter's order. Raises ``BadCharter``."""
    articles = [_read_article(path) for path in sorted(folder.iterdir())]
    if not articles:
        raise BadCharter(f"{folder.name}: no article")
    return {
        article.number: article for article in sorted(articles, key=lambda article: article.order)
    }


def _read_article(path: Path) -> Article:
    name = _FILE.match(path.name)
    if name is None:
        raise BadCharter(f"{path.name}: a file is named like 05_2_health.cedar")
    head, policies = _split(path.read_text(encoding="utf-8"))
    if len(head) < 5 or head[3]:
        raise BadCharter(f"{path.name}: title, confidence, references, empty line, wording")
    title, confidence, references = (
        pattern.match(line)
        for pattern, line in zip((_TITLE, _CONFIDENCE, _REFERENCES), head[:3], strict=True)
    )
    if title is None or confidence is None or references is None:
        raise BadCharter(f"{path.name}: title, confidence and references open the file")
    if title[1] != f"{int(name[1])}.{name[2]}":
        raise BadCharter(f"{path.name}: holds article {title[1]}")
    return Article(
        title[1], title[2], confidence[1], references[1], _paragraphs(head[4:]), policies
    )


def _split(text: str) -> tuple[list[str], str]:
    lines = text.splitlines()
    length = next((at for at, line in enumerate(lines) if not line.startswith("//")), len(lines))
    head = [line.removeprefix("//").strip() for line in lines[:length]]
    return head, "\n".join(lines[length:]).strip()


def _paragraphs(lines: list[str]) -> str:
    """Join wrapped lines; paragraphs stay apart by one empty line."""
    return "\n\n".join(
        paragraph.replace("\n", " ") for paragraph in re.split(r"\n\n+", "\n".join(lines).strip())
    )
