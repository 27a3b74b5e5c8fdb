"""Who consulted a journey: from its traces to the lines of its pages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from domain.access import Trace, visits
from domain.holders import Audience
from domain.journey.entries import Entry
from policies.charter import Act
from web.drawing import labels
from web.journey.views import Reading
from web.ledger.presenter import ACTS
from web.site.visit import Visit


@dataclass(frozen=True, slots=True)
class Readings:
    """``traces`` are who did what to the journey, newest first, as far as the reader's session opens them."""

    visit: Visit
    traces: Sequence[Trace]

    def of_others(self) -> tuple[Reading, ...]:
        """Who consulted, but for the reader: one line for each person and day, newest first."""
        me = self.visit.session.referent
        return self._lines(one for one in self._consults() if one.referent != me)

    def with_refusals(self) -> tuple[Reading, ...]:
        """Who consulted, and what was asked and refused, each in its place by time."""
        refused: dict[str, list[Trace]] = {}
        for one in self.traces:
            if not one.allowed:
                refused.setdefault(one.act, []).append(one)
        found = [
            *self._lines(self._consults()),
            *(
                replace(line, refused=ACTS.get(act, act))
                for act, traces in refused.items()
                for line in self._lines(traces)
            ),
        ]
        return tuple(sorted(found, key=lambda line: line.at, reverse=True))

    def of_entry(self, entry: Entry, audience: Audience) -> tuple[Reading, ...]:
        """Of those who can read an entry, who opened the journey since it stands there: the last time of each."""
        latest: dict[UUID, Trace] = {}
        for one in self._consults():
            if (
                one.at >= entry.at
                and one.referent in audience.persons
                and one.referent != entry.author.referent
            ):
                latest.setdefault(one.referent, one)
        return self._lines(latest.values())

    def _consults(self) -> list[Trace]:
        return [one for one in self.traces if one.act == Act.CONSULT and one.allowed]

    def _lines(self, traces: Iterable[Trace]) -> tuple[Reading, ...]:
        groups: dict[object, list[Trace]] = {}
        for one in traces:
            day = self.visit.network.day(one.at)
            groups.setdefault((one.referent, day), []).append(one)
        return tuple(self._line(many) for many in groups.values())

    def _line(self, many: Sequence[Trace]) -> Reading:
        """What one person did on one day."""
        network, last = self.visit.network, many[0]
        return Reading(
            person=labels.referent_name(network, last.referent),
            institution=labels.institution_name(network, last.institution),
            at=last.at,
            purpose_label=labels.title_of(
                self.visit.services.catalogue.purposes,
                next((one.purpose for one in many if one.purpose), None),
            ),
            times=visits(one.at for one in many) if last.allowed else len(many),
        )
