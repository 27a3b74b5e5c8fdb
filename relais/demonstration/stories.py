"""The invented journeys of the demonstration, the same at each call for the same day."""

from datetime import date, timedelta
from random import Random

from domain.catalogue import Catalogue
from relais.demonstration.composer import Composer
from relais.demonstration.outlines import Calendar, Outline, network, read_outlines
from relais.demonstration.steps import Story
from relais.demonstration.threads import Texts, read_texts
from relais.founding.network_plan import NetworkPlan


def stories(today: date) -> list[Story]:
    """Every invented journey. All acts lie before ``today``; planned actions are due around it."""
    institutions, texts, catalogue = network(), read_texts(), Catalogue.load()
    return [_story(outline, today, institutions, texts, catalogue) for outline in read_outlines()]


def _story(
    outline: Outline, today: date, institutions: NetworkPlan, texts: Texts, catalogue: Catalogue
) -> Story:
    random = Random(outline.known_as)  # noqa: S311 -- invented content, not a secret
    calendar = Calendar(
        first=today - timedelta(days=outline.opened),
        last=today - timedelta(days=outline.last),
        random=random,
    )
    return Composer(outline, institutions, texts, catalogue, calendar, random).compose()
