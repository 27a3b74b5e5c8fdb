"""The page of a form that was filled on an older version of its journey: what changed meanwhile, and the form."""

from web.drawing.page import Section
from web.journey.reading.presenter import present
from web.journey.reading.timeline import timeline
from web.journey.reading.timeline_views import EntryView, FrameNoteView
from web.journey.reading.views import MeanwhileChange, StalePage
from web.site.typed_words import typed_words
from web.site.visit import Visit


def stale_page(visit: Visit) -> StalePage:
    """Show what changed since the form was filled, and the form itself, to be sent again or left."""
    presenter = present(visit, visit.identifier("journey"))
    bar = presenter.bar()
    seen = int(visit.fields["version"][0])
    changes = tuple(
        MeanwhileChange(item.at, item.person, item.institution, _words(item))
        for item in timeline(presenter)
        if isinstance(item, EntryView | FrameNoteView) and item.version > seen
    )
    return StalePage(
        chrome=visit.chrome(Section.JOURNEYS),
        journey_id=bar.journey_id,
        code=bar.code,
        changes=changes,
        action=visit.path,
        values={**visit.fields, "version": (str(bar.version),)},
        typed=typed_words(visit.fields),
    )


def _words(item: EntryView | FrameNoteView) -> str:
    return item.title if isinstance(item, EntryView) else item.what
