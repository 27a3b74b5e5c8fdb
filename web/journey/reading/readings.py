"""The consults of a journey, from their traces to the lines of its pages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from domain.access import Trace, visits
from domain.holders import Audience
from domain.journey.entries import Entry
from policies.charter import Act
from web.drawing import labels
from web.drawing.acts import ACTS
from web.journey.reading.timeline_views import Reading
from web.site.visit import Visit


@dataclass(frozen=True, slots=True)
class Readings:
    """``traces`` are the acts on the journey, newest first, as far as the reader's session opens them."""

    visit: Visit
    traces: Sequence[Trace]

    def of_others(self) -> tuple[Reading, ...]:
        """Consults by others than the reader, one line per person and day, newest first."""
        me = self.visit.session.referent
        return self._lines(trace for trace in self._consults() if trace.referent != me)

    def with_refusals(self) -> tuple[Reading, ...]:
        """Consults and refused acts, newest first."""
        refused: dict[str, list[Trace]] = {}
        for trace in self.traces:
            if not trace.allowed:
                refused.setdefault(trace.act, []).append(trace)
        lines = [
            *self._lines(self._consults()),
            *(
                replace(line, refused=ACTS.get(act, act))
                for act, traces in refused.items()
                for line in self._lines(traces)
            ),
        ]
        return tuple(sorted(lines, key=lambda line: line.at, reverse=True))

    def of_entry(self, entry: Entry, audience: Audience) -> tuple[Reading, ...]:
        """The last consult of each reader of an entry, since it was written; its author is left out."""
        latest: dict[UUID, Trace] = {}
        for trace in self._consults():
            if (
                trace.at >= entry.at
                and trace.referent in audience.persons
                and trace.referent != entry.author.referent
            ):
                latest.setdefault(trace.referent, trace)
        return self._lines(latest.values())

    def _consults(self) -> list[Trace]:
        return [trace for trace in self.traces if trace.act == Act.CONSULT and trace.allowed]

    def _lines(self, traces: Iterable[Trace]) -> tuple[Reading, ...]:
        by_day: dict[object, list[Trace]] = {}
        for trace in traces:
            day = self.visit.network.day(trace.at)
            by_day.setdefault((trace.referent, day), []).append(trace)
        return tuple(self._line(same_day) for same_day in by_day.values())

    def _line(self, same_day: Sequence[Trace]) -> Reading:
        """One line for the acts of one person on one day."""
        network, last = self.visit.network, same_day[0]
        purpose = next((trace.purpose for trace in same_day if trace.purpose), None)
        return Reading(
            person=labels.referent_name(network, last.referent),
            institution=labels.institution_name(network, last.institution),
            at=last.at,
            purpose_label=labels.title_of(self.visit.services.catalogue.purposes, purpose),
            times=visits(trace.at for trace in same_day) if last.allowed else len(same_day),
        )
