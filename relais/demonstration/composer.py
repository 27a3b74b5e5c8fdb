"""Composes an invented journey from its outline and the written threads; the same input gives the same journey."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from random import Random

from domain.catalogue import Catalogue
from domain.territory import ZONE, day_of
from relais.demonstration.entries import EntryWriter
from relais.demonstration.outlines import Calendar, Outline, Planned, working_day
from relais.demonstration.partners import StoryPartners
from relais.demonstration.steps import ActionStep, CloseStep, ConsultStep, ReopenStep, Step, Story
from relais.demonstration.threads import Line, Texts, Thread
from relais.founding.network_plan import NetworkPlan

PHASES: Mapping[str | None, tuple[float, float]] = {
    "start": (0.0, 0.25),
    "middle": (0.12, 0.8),
    "late": (0.6, 1.0),
    None: (0.0, 1.0),
}
"""The shares of a journey between which a thread may begin."""

CLOSED_SHARE, REOPENED_SHARE = 0.5, 0.68
_PLACES_TRIED = 60
_PURPOSES = ("ongoing_work", "meeting_preparation", "person_request", "handover")


@dataclass(slots=True)
class Composer:
    """Composes one journey; ``random`` is seeded by its outline, so that the journey is always the same."""

    outline: Outline
    network: NetworkPlan
    texts: Texts
    catalogue: Catalogue
    calendar: Calendar
    random: Random
    steps: list[Step] = field(default_factory=list)
    topics: set[str] = field(default_factory=set)
    quiet: tuple[datetime, datetime] | None = None

    def compose(self) -> Story:
        """The whole journey. Raises ``ValueError`` if the texts cannot fill its length."""
        outline = self.outline
        # A journey that closes at its end closes by day; else the night line may be the last to write.
        ends = time(18, 45) if outline.closed and not outline.reopened else time(23, 59)
        last_hour = datetime.combine(self.calendar.last, ends, ZONE)
        opening = self._opening_thread()
        first = self._first_hour(opening.lines[0])
        opened_at = first - timedelta(minutes=12)
        partners = StoryPartners(outline, self.network, self.calendar, opened_at)
        writer = EntryWriter(partners, self.catalogue)
        opener = partners.referent(outline.lead)
        partners.lay_out(last_hour)
        self.steps += partners.steps
        self._frame(partners, last_hour)
        opened = self._place(opening, writer, first)
        if opened is None:
            raise ValueError(f"{outline.known_as}: the opening does not fit")
        self.steps += opened
        self._remark(writer)
        self._await(writer)
        self._fill(writer)
        steps = in_order(self.steps)
        steps = in_order([*steps, *self._consults(partners, opened_at)])
        return Story(
            known_as=outline.known_as,
            person=outline.person,
            safe_contact=outline.contact,
            information=outline.information(day_of(opened_at)),
            capacities=partners.capacities(outline.lead, opened_at),
            lead=outline.lead,
            opened_by=opener,
            opened_at=opened_at,
            steps=tuple(steps),
        )

    # -- every journey -----------------------------------------------------------------------------

    def _opening_thread(self) -> Thread:
        lead = self.outline.lead
        fitting = [
            thread
            for thread in self.texts.opening
            if thread.lines[0].by == (lead,)
            and not (self.outline.man and thread.of_a_woman)
            and thread.cost + 3 <= self.outline.entries - len(self.outline.awaiting)
        ]
        return self.random.choice(fitting)

    def _first_hour(self, line: Line) -> datetime:
        first = self.calendar.first
        if line.night:
            return self.calendar.night_hour(first)
        return self.calendar.office_hour(first)

    def _frame(self, partners: StoryPartners, last_hour: datetime) -> None:
        """Close the journey at its end, or close it midway and open it again."""
        outline, lead = self.outline, self.outline.lead
        if outline.closed is None:
            return
        if outline.reopened is None:
            self.steps.append(
                CloseStep(who=partners.referent(lead), at=last_hour, reason=outline.closed)
            )
            return
        closed = datetime.combine(self.calendar.day_at(CLOSED_SHARE), time(17, 40), ZONE)
        opened = datetime.combine(self.calendar.day_at(REOPENED_SHARE), time(9, 5), ZONE)
        self.quiet = (closed, opened)
        self.steps += [
            CloseStep(who=partners.referent(lead), at=closed, reason=outline.closed),
            ReopenStep(who=partners.referent(lead), at=opened, reason=outline.reopened),
        ]

    def _remark(self, writer: EntryWriter) -> None:
        """Place the entries of this journey alone, each on the first day on which its author takes part."""
        for remark in self.outline.remarks:
            line = Line((remark.by,), remark.kind, remark.text, compartment=remark.compartment)
            begin = self.calendar.day_at(remark.share)
            days = (begin + timedelta(days=number) for number in range(self.calendar.length))
            hours = (self.calendar.office_hour(working_day(day)) for day in days)
            tried = (self._place(Thread((line,)), writer, hour) for hour in hours)
            self.steps += next(steps for steps in tried if steps is not None)

    def _await(self, writer: EntryWriter) -> None:
        """Plan the actions that are still to do around today."""
        lines = list(self.texts.awaiting)
        self.random.shuffle(lines)
        for planned in self.outline.awaiting:
            line = next(line for line in lines if line.by == (planned.by,))
            lines.remove(line)
            due = self._due(planned)
            begins = writer.partners.spans[planned.by][-1][0]
            latest = min(due - timedelta(days=1), self.calendar.last)
            earliest = max(latest - timedelta(days=8), day_of(begins))
            span = max(0, (latest - earliest).days)
            day = max(earliest, latest - timedelta(days=self.random.randint(0, span)))
            begin = max(begins, self.steps_begin)
            at = max(self.calendar.office_hour(day), self.calendar.soon_after(begin))
            self.steps.append(writer.action(planned.by, line, at, due))

    def _due(self, planned: Planned) -> date:
        """The due day; a working day, unless it is today."""
        today = self.calendar.last + timedelta(days=self.outline.last)
        due = today + timedelta(days=planned.due)
        if planned.due > 0:
            return working_day(due)
        # An overdue action stays overdue: the Friday before.
        return due - timedelta(days=max(0, due.weekday() - 4)) if planned.due else due

    @property
    def steps_begin(self) -> datetime:
        """The time of the journey's first step."""
        return min(step.at for step in self.steps)

    def _consults(self, partners: StoryPartners, opened_at: datetime) -> list[Step]:
        """Consultations by the partners, more in a longer journey; two of them on its last day."""
        consults: list[Step] = []
        for place in range(2 + self.outline.entries // 8):
            share = 1.0 if place < 2 else self.random.random()
            at = self.calendar.office_hour(self.calendar.day_at(share))
            codes = [code for code in partners.spans if partners.acts(code, at)]
            if at > opened_at + timedelta(minutes=30) and codes and not self._is_quiet(at):
                who = partners.referent(self.random.choice(codes))
                consults.append(ConsultStep(who=who, at=at, purpose=self.random.choice(_PURPOSES)))
        return consults

    # -- filling it up -----------------------------------------------------------------------------

    def _fill(self, writer: EntryWriter) -> None:
        missing = self.outline.entries - 3 - len(self.steps)
        for thread in self._drawn():
            if missing == 0:
                return
            if thread.cost > missing or thread.topic in self.topics:
                continue
            placed = self._try_places(thread, writer)
            if placed is not None:
                self.steps += placed
                missing -= len(placed)
                self.topics |= {thread.topic} if thread.topic else set()
        if missing:
            raise ValueError(f"{self.outline.known_as}: {missing} entries short")

    def _drawn(self) -> list[Thread]:
        fitting = [
            thread
            for thread in self.texts.middle
            if not (thread.of_children and not self.outline.children)
            and not (thread.of_a_woman and self.outline.man)
            and not (thread.of_partners and not self.outline.partners)
        ]
        # Threads of several entries first: they tell more than entries that stand alone.
        weights = {id(thread): self.random.random() / len(thread.lines) for thread in fitting}
        return sorted(fitting, key=lambda thread: weights[id(thread)])

    def _try_places(self, thread: Thread, writer: EntryWriter) -> list[Step] | None:
        low, high = PHASES[thread.phase]
        for _ in range(_PLACES_TRIED):
            day = self.calendar.day_at(self.random.uniform(low, high))
            if not thread.lines[0].night:
                day = working_day(day)
            hour = self.calendar.night_hour if thread.lines[0].night else self.calendar.office_hour
            placed = self._place(thread, writer, hour(day))
            if placed is not None:
                return placed
        return None

    def _place(self, thread: Thread, writer: EntryWriter, first: datetime) -> list[Step] | None:
        """The thread's steps, from that moment on; None if an author does not take part then."""
        partners = writer.partners
        times = self._times(thread, first)
        placed: list[Step] = []
        actions: list[ActionStep] = []
        authors: dict[tuple[str, ...], str] = {}
        for line, at in zip(thread.lines, times, strict=True):
            if line.by not in authors:
                present = [code for code in line.by if partners.acts(code, at)]
                if line.by == (self.outline.lead,):
                    present = [self.outline.lead]
                if not present:
                    return None
                authors[line.by] = self.random.choice(present)
            author = authors[line.by]
            due = None
            if line.due is not None:
                due = working_day(day_of(first) + timedelta(days=line.due))
            done = None if line.done is None else actions[line.done].label
            action = writer.action(author, line, at, due, completes=done)
            if action.deposit and line.cost > 1:
                # Its author cannot read a deposit again, and so can neither correct nor withdraw it.
                return None
            actions.append(action)
            placed += [action, *writer.second_thoughts(author, line, action)]
        if all(self._fits(partners, step) for step in placed):
            return placed
        return None

    def _times(self, thread: Thread, first: datetime) -> list[datetime]:
        times = [first]
        for before, line in zip(thread.lines, thread.lines[1:], strict=False):
            day = working_day(day_of(first) + timedelta(days=line.day))
            if day > day_of(times[-1]):
                times.append(self.calendar.office_hour(day))
            elif before.night and not line.night:
                day = working_day(day_of(times[-1]) + timedelta(days=1))
                times.append(self.calendar.office_hour(day))
            else:
                times.append(self.calendar.soon_after(times[-1]))
        return times

    def _fits(self, partners: StoryPartners, step: Step) -> bool:
        acts = partners.acts(self.network.institution_of(step.who).code, step.at)
        early = isinstance(step, ActionStep) and step.due is not None and step.due < day_of(step.at)
        return acts and not early and not self._is_quiet(step.at)

    def _is_quiet(self, at: datetime) -> bool:
        return self.quiet is not None and self.quiet[0] <= at <= self.quiet[1]


def in_order(steps: Sequence[Step]) -> list[Step]:
    """The steps by time, each strictly later than the one before."""
    ordered: list[Step] = []
    for step in sorted(steps, key=lambda step: step.at):
        soonest = ordered[-1].at + timedelta(minutes=1) if ordered else step.at
        ordered.append(step if step.at >= soonest else replace(step, at=soonest))
    return ordered
