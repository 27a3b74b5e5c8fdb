"""The summary's document: hostile text stays text, nothing is told that should not be, nothing is left behind."""

import re
import subprocess
import sys
import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from domain.compartments import Compartment
from infrastructure.documents import setting
from infrastructure.documents.content import (
    DocumentEntry,
    DocumentGap,
    DocumentPart,
    DocumentRequisition,
    SummaryDocument,
    as_data,
)
from infrastructure.documents.printable import DRAWN, printable_line, printable_lines
from infrastructure.documents.setting import DocumentFailed, summary_pdf

TYPESETTER = Path(setting.__file__).with_name("typesetter.py")
NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
ENTRY = DocumentEntry(
    date(2026, 3, 1), "Entretien", "Madame dit : « il me suit ».", NOW, NOW.date(), "Nadia"
)
PART = DocumentPart(
    Compartment.FOLLOW_UP, "CIDFF", "Accord de la personne", date(2026, 3, 2), (ENTRY,)
)
REQUISITION = DocumentRequisition(
    "2026/1143",
    "Mme Aubertin",
    date(2026, 2, 12),
    frozenset({Compartment.HEALTH, Compartment.FOLLOW_UP}),
)
SUMMARY = SummaryDocument(
    network="Réseau de Chalon-sur-Saône",
    number="S-2026-0007",
    copy_number=1,
    recipient="Tribunal judiciaire de Chalon-sur-Saône",
    composed_by="CIDFF de Saône-et-Loire",
    released_at=NOW,
    released_on=NOW.date(),
    frame_approved_on=date(2026, 2, 28),
    requisition=REQUISITION,
    parts=(PART,),
    missing=(DocumentGap(Compartment.HEALTH, "Centre hospitalier", 3),),
)


def saying(text: str) -> SummaryDocument:
    return replace(SUMMARY, parts=(replace(PART, entries=(replace(ENTRY, text=text),)),))


def pages(document: bytes) -> list[str]:
    """What a reader's program finds on each page: unseen characters left out, any run of blanks one space."""
    return [_seen(page.extract_text()) for page in PdfReader(BytesIO(document)).pages]


def _seen(text: str) -> str:
    seen = "".join(one for one in text if unicodedata.category(one) != "Cf")
    return " ".join(unicodedata.normalize("NFC", seen).split())


def compact(text: str) -> str:
    return re.sub(r"\s", "", text)


# -- what it says ----------------------------------------------------------------------------------


def test_the_document_says_what_was_released() -> None:
    (page,) = pages(summary_pdf(SUMMARY))
    for words in (
        "Synthèse judiciaire",
        "S-2026-0007",
        "Tribunal judiciaire de Chalon-sur-Saône",
        "n° 2026/1143, du 12 février 2026",
        "Mme Aubertin",
        "Accompagnement, Santé",
        "Santé : 3 inscriptions, Centre hospitalier, non jointes.",
        "Fondement : Accord de la personne. Partie approuvée par cette institution le 2 mars 2026.",
        "1er mars 2026",
        "Madame dit : « il me suit ».",
        "Inscrit le 1er mars 2026 par Nadia",
        "page 1 sur 1",
    ):
        assert words in page


def test_every_page_carries_the_mark_and_the_secrecy() -> None:
    found = pages(summary_pdf(saying("Une phrase de plus. " * 600)))
    assert len(found) > 2
    for page in found:
        assert "exemplaire n° 1 — remis à Tribunal judiciaire de Chalon-sur-Saône" in page
        assert "Document couvert par le secret — ne pas diffuser" in page


def test_two_copies_differ_by_their_mark_alone() -> None:
    first = pages(summary_pdf(SUMMARY))
    second = pages(summary_pdf(replace(SUMMARY, copy_number=2)))
    assert first != second
    assert [page.replace("exemplaire n° 1", "exemplaire n° 2") for page in first] == second


def test_the_same_copy_is_the_same_to_the_byte() -> None:
    assert summary_pdf(SUMMARY) == summary_pdf(SUMMARY)


def test_a_summary_without_requisition_or_gap_says_so() -> None:
    (page,) = pages(summary_pdf(replace(SUMMARY, requisition=None, missing=())))
    assert "Aucune inscription n’a été signalée comme manquante." in page
    assert "aucune : synthèse adressée à l’initiative des partenaires" in page


def test_one_missing_entry_of_somebody_unknown_is_named() -> None:
    gap = DocumentGap(Compartment.SOCIAL, None, 1)
    (page,) = pages(summary_pdf(replace(SUMMARY, missing=(gap,))))
    assert "Social : 1 inscription, non jointe." in page


def test_parts_stand_by_compartment_and_entries_by_day() -> None:
    earlier = replace(ENTRY, occurred_on=date(2026, 1, 5), title="Appel", text="", level="élevé")
    parts = (
        replace(PART, compartment=Compartment.PROCEEDINGS, institution="Commissariat"),
        replace(PART, entries=(ENTRY, earlier)),
        replace(PART, institution="CCAS"),
    )
    data = as_data(replace(SUMMARY, parts=parts))
    shape = [
        (one["label"], [part["institution"] for part in one["parts"]])
        for one in data["compartments"]
    ]
    assert shape == [("Accompagnement", ["CIDFF", "CCAS"]), ("Procédures", ["Commissariat"])]
    assert [one["title"] for one in data["compartments"][0]["parts"][0]["entries"]] == [
        "Appel",
        "Entretien",
    ]
    assert "Appel : élevé" in " ".join(pages(summary_pdf(replace(SUMMARY, parts=parts))))


# -- hostile text ----------------------------------------------------------------------------------

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


# -- what it does not say --------------------------------------------------------------------------


def test_it_says_that_it_is_archival_and_accessible() -> None:
    document = summary_pdf(SUMMARY)
    metadata = document[document.index(b"<?xpacket begin") : document.index(b"<?xpacket end")]
    for said in (
        b"<pdfaid:part>2</pdfaid:part>",
        b"<pdfaid:conformance>A</pdfaid:conformance>",
        b"<pdfuaid:part>1</pdfuaid:part>",
    ):
        assert said in metadata
    catalogue = PdfReader(BytesIO(document)).root_object
    assert str(catalogue["/MarkInfo"]) == "{'/Marked': True, '/Suspects': False}"
    assert str(catalogue["/Lang"]) == "fr-FR"


def test_its_metadata_names_nobody() -> None:
    document = summary_pdf(SUMMARY)
    told = PdfReader(BytesIO(document)).metadata
    assert told is not None
    assert set(told) == {"/Title", "/Creator", "/CreationDate", "/ModDate"}
    assert str(told["/Title"]) == "Synthèse judiciaire"
    assert re.fullmatch(r"Typst [0-9.]+", str(told["/Creator"]))
    assert {str(told["/CreationDate"]), str(told["/ModDate"])} == {"D:20260301093000Z"}
    packet = document[document.index(b"<?xpacket begin") : document.index(b"<?xpacket end")]
    values = re.sub(rb"<[^>]*>", b" ", packet)
    for word in (b"Chalon", b"Aubertin", b"Nadia", b"CIDFF", b"S-2026", b"elais"):
        assert word not in values
    assert str(Path.cwd()).encode() not in document


def test_values_do_not_show_their_content() -> None:
    for value in (SUMMARY, PART, ENTRY, REQUISITION, SUMMARY.missing[0]):
        assert not {"Chalon", "CIDFF", "Madame", "Aubertin", "hospitalier"} & set(
            re.findall(r"\w+", repr(value))
        )


# -- the process -----------------------------------------------------------------------------------


def test_nothing_is_left_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TMPDIR", "HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.chdir(tmp_path)
    beside = set(TYPESETTER.parent.rglob("*"))
    summary_pdf(SUMMARY)
    assert list(tmp_path.rglob("*")) == []
    assert set(TYPESETTER.parent.rglob("*")) == beside


def test_the_process_cannot_write_a_file(tmp_path: Path) -> None:
    target = tmp_path / "left"
    program = (
        "import runpy, sys\n"
        "shut = runpy.run_path(sys.argv[1])['shut_the_disk']\n"
        "shut()\n"
        "with open(sys.argv[2], 'w') as left:\n"
        "    left.write('x')\n"
    )
    finished = subprocess.run(
        [sys.executable, "-I", "-B", "-c", program, str(TYPESETTER), str(target)],
        capture_output=True,
        check=False,
    )
    assert finished.returncode != 0
    assert target.read_bytes() == b""


def test_what_goes_wrong_is_told_without_a_word_of_the_content() -> None:
    with pytest.raises(DocumentFailed) as failed:
        summary_pdf(saying("Secret"), timeout=0.0)
    assert "Secret" not in str(failed.value)
    assert failed.value.__cause__ is None
    assert failed.value.__suppress_context__


def test_a_process_that_fails_says_nothing() -> None:
    finished = subprocess.run(
        [sys.executable, "-I", "-B", str(TYPESETTER)],
        input=b'{"released_at": "Secret"}',
        env={},
        capture_output=True,
        check=False,
    )
    assert (finished.returncode, finished.stdout, finished.stderr) == (1, b"", b"")


def test_a_failed_process_is_a_failed_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(DocumentFailed, match="typesetting failed"):
        summary_pdf(SUMMARY)
    monkeypatch.setattr(sys, "executable", "/no/such/program")
    with pytest.raises(DocumentFailed, match="could not start"):
        summary_pdf(SUMMARY)
