"""What the document of a released summary says, and what it does not."""

import re
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

from pypdf import PdfReader

from domain.compartments import Compartment
from infrastructure.documents.content import (
    DocumentGap,
    as_data,
)
from infrastructure.documents.setting import summary_pdf
from tests.infrastructure.documents.documents import (
    ENTRY,
    PART,
    REQUISITION,
    SUMMARY,
    pages,
    saying,
)


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
