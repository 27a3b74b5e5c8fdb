"""The forms of summaries: what cannot be accepted comes back with what was typed, and is stored nowhere."""

from datetime import timedelta

import pytest

from tests.web.house import WebHouse
from tests.web.reading import words_of
from tests.web.summary.test_summary_pages import ASKED, Told, parts_to_judge


@pytest.fixture
def told(house: WebHouse) -> Told:
    """A journey that three institutions write into."""
    return Told(house)


@pytest.mark.parametrize(
    ("changed", "beside"),
    [
        ({"destinataire": ""}, "Choisissez le siège ou le parquet."),
        ({"destinataire": "police"}, "Choisissez le siège ou le parquet."),
        ({"requisition_numero": ""}, "Une réquisition a un numéro"),
        ({"requisition_volets": []}, "Une réquisition a un numéro"),
        ({"requisition_volets": ["shelter"]}, "Choisissez des volets dans la liste."),
        ({"requisition_date": "demain"}, "Donnez un jour"),
        ({"inscriptions": []}, "Choisissez au moins une inscription"),
        ({"inscriptions": ["9999"]}, "Choisissez au moins une inscription"),
        ({"requisition_volets": ["danger"]}, "article 14.3 de la charte"),
    ],
)
def test_what_cannot_be_composed_comes_back_with_what_was_typed(
    told: Told, changed: dict[str, object], beside: str
) -> None:
    """Given something that cannot be, when it is sent, then the form comes back, filled in, with what is wrong."""
    fields = {**ASKED, "inscriptions": [str(version) for version in told.versions[:2]], **changed}
    answer = told.house.browser("cidff.un").post(f"/suivis/{told.journey}/synthese", fields)
    assert answer.status_code == 422
    assert beside in words_of(answer.text)
    assert 'value="Blanche Cormier"' in answer.text


def test_a_date_to_come_is_refused_beside_its_field(told: Told) -> None:
    """Given a requisition of tomorrow, when it is sent, then the form comes back, and the error leads to its field."""
    tomorrow = (told.house.town.clock().date() + timedelta(days=2)).isoformat()
    fields = {**ASKED, "requisition_date": tomorrow, "inscriptions": [str(told.versions[0])]}
    answer = told.house.browser("cidff.un").post(f"/suivis/{told.journey}/synthese", fields)
    assert answer.status_code == 422
    assert "La date de la réquisition est à venir." in words_of(answer.text)
    assert 'href="#requisition_date"' in answer.text
    assert 'id="requisition_date-error"' in answer.text


@pytest.mark.parametrize(
    ("fields", "beside"),
    [
        ({}, "Approuvez ou refusez."),
        ({"decision": "refuser"}, "Choisissez une raison."),
        ({"decision": "refuser", "raison": "inventee"}, "Choisissez une raison dans la liste."),
        ({"decision": "peut-être"}, "Choisissez une réponse de la liste."),
    ],
)
def test_a_decision_without_its_reason_comes_back(
    told: Told, fields: dict[str, str], beside: str
) -> None:
    """Given a decision that is not whole, when it is sent for a part or a frame, then it comes back and nothing
    is stored."""
    house = told.house
    summary = told.compose(house.browser("cidff.un"))
    police = house.browser("police.un")
    (part,) = parts_to_judge(police, summary)
    coordination = house.browser("coordination.un")
    for browser, path in ((police, part), (coordination, f"/syntheses/{summary}/cadre")):
        answer = browser.post(path, fields)
        assert answer.status_code == 422
        assert beside in words_of(answer.text)
    assert parts_to_judge(police, summary) == [part]
