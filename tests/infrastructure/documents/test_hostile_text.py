"""Hostile text stays text in a document, and every letter that is let through is drawn."""

import re
import unicodedata
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.compartments import Compartment
from infrastructure.documents.content import (
    DocumentEntry,
    DocumentGap,
    DocumentPart,
    SummaryDocument,
)
from infrastructure.documents.printable import DRAWN, printable_line, printable_lines
from infrastructure.documents.setting import summary_pdf
from tests.infrastructure.documents.documents import (
    NOW,
    REQUISITION,
    compact,
    pages,
    saying,
)

MARKUP = [
    '#import "@preview/x:1.0.0": *',
    '#read("/etc/passwd") #panic("x") #{1 + 1}',
    "*gras* _italique_ = titre <etiquette> @renvoi $x^2$ `code` // fin /* */",
    "<svg onload=alert(1)><script>1</script></svg> {{7*7}} =HYPERLINK(1)",
    "\\u{41} \\n \\ 100 % & ~ -- ---",
    '"}],"compartments":[{"label":"faux"}]',
    "https://example.org/ mailto:x@example.org",
]


@pytest.mark.parametrize("text", MARKUP)
def test_markup_stays_text(text: str) -> None:
    document = summary_pdf(saying(text))
    assert compact(text) in compact("".join(pages(document)))
    assert b"/URI" not in document


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a\x00b", "a[U+0000]b"),
        ("a\u202egnp.exe", "a[U+202E]gnp.exe"),
        ("a\u2066b\u2069", "a[U+2066]b[U+2069]"),
        ("a\u00adb", "a[U+00AD]b"),
        ("a\ud800b", "a[U+D800]b"),
        ("\U0001f600", "[U+1F600]"),
        ("\ue000", "[U+E000]"),
        ("zoe\u0308", "zoë"),
        ("x\u0318\u0319\u031a\u031b", "x\u031b\u0318[U+0319][U+031A]"),
        ("a\tb\r\nc\u2028d\u2029\n\ne\rf", "a b c d e f"),
    ],
)
def test_what_moves_other_letters_or_cannot_be_drawn_is_written_out(
    text: str, written: str
) -> None:
    unseen = dict.fromkeys((0x200B, 0x200E))
    assert printable_line(text).translate(unseen) == unicodedata.normalize("NFC", written)
    assert compact(written) in compact("".join(pages(summary_pdf(saying(text)))))


def test_hostile_text_in_every_field_is_still_a_document() -> None:
    hostile = "\x00#import <svg> \u202e[*_`$ مرحبا"
    entry = DocumentEntry(date(2026, 3, 1), hostile, hostile, NOW, NOW.date(), hostile, hostile)
    part = DocumentPart(Compartment.DANGER, hostile, hostile, date(2026, 3, 2), (entry,))
    requisition = replace(REQUISITION, number=hostile, magistrate=hostile)
    document = SummaryDocument(
        network=hostile,
        number=hostile,
        copy_number=1,
        recipient=hostile,
        composed_by=hostile,
        released_at=NOW,
        released_on=NOW.date(),
        frame_approved_on=date(2026, 2, 28),
        requisition=requisition,
        parts=(part,),
        missing=(DocumentGap(Compartment.DANGER, hostile, 2),),
    )
    read = compact("".join(pages(summary_pdf(document))))
    assert read.count("[U+0000]#import<svg>") >= 12


def test_a_hundred_kilobytes_are_set_whole_and_within_the_page() -> None:
    text = "".join(f"{number:07d}" for number in range(15_000))
    found = pages(summary_pdf(saying(text)))
    assert len(found) > 15
    body = "".join(re.findall(r"[0-9]{7,}", compact("".join(found))))
    assert all(f"{number:07d}" in body for number in range(0, 15_000, 500))
    longest = max(len(line) for line in printable_lines(text)[0].split("\u200b"))
    assert longest == 40


def test_every_letter_that_is_let_through_is_drawn() -> None:
    letters = [chr(point) for first, last in DRAWN for point in range(first, last + 1)]
    document = summary_pdf(saying(" ".join(letters)))
    assert document.startswith(b"%PDF-1.7")


@given(st.lists(st.text(max_size=30), min_size=15, max_size=40))
def test_any_text_becomes_lines_that_are_drawn_and_stay_where_they_are(texts: list[str]) -> None:
    for line in printable_lines("\n".join(texts)):
        kept = line.translate(dict.fromkeys((0x200B, 0x200E)))
        assert all(any(first <= ord(one) <= last for first, last in DRAWN) for one in kept)
        assert not {"RLE", "LRE", "RLO", "LRO", "PDF", "RLI", "LRI", "FSI", "PDI"} & {
            unicodedata.bidirectional(one) for one in kept
        }
