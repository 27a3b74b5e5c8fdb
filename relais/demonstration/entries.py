"""Turns a written line into an entry of an invented journey, in its author's name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.catalogue import Catalogue
from domain.compartments import Compartment
from domain.grounds import Ground
from domain.territory import day_of
from relais.demonstration.outlines import working_day
from relais.demonstration.partners import StoryPartners
from relais.demonstration.steps import ActionStep, CorrectStep, Step, WithdrawStep
from relais.demonstration.threads import Line
from relais.demonstration.wording import slots

GROUNDS: Mapping[Compartment, str] = {
    Compartment.SOCIAL: Ground.SOCIAL_SECRET_SHARED,
    Compartment.HEALTH: Ground.CARE_TEAM,
    Compartment.CHILDREN: Ground.CHILD_PROTECTION,
}
"""The ground of an entry, if it is not the person's consent."""


@dataclass(slots=True)
class EntryWriter:
    """Writes the entries of one journey; each gets its own label."""

    partners: StoryPartners
    catalogue: Catalogue
    labels: int = 0

    def action(
        self,
        author: str,
        line: Line,
        at: datetime,
        due: date | None,
        completes: str | None = None,
    ) -> ActionStep:
        """The line as an action of its author; a deposit if the author may not read it."""
        self.labels += 1
        kind = self.catalogue.action_kinds[line.kind]
        compartment = Compartment(line.compartment) if line.compartment else kind.compartment
        occurred = due or day_of(at)
        if due is None and "{date}" in line.text:
            occurred -= timedelta(days=self.partners.calendar.random.randint(0, 2))
        words = slots(self.partners.outline, occurred, due, at, self.partners.calendar.random)
        return ActionStep(
            who=self.partners.referent(author),
            at=at,
            label=f"{line.kind}-{self.labels}",
            kind=line.kind,
            compartment=compartment,
            text=line.text.format_map(words),
            occurred_on=occurred,
            ground=GROUNDS.get(compartment, Ground.PERSON_CONSENT),
            due=due,
            level=line.level,
            completes=completes,
            deposit=not self.partners.reads(author, compartment, at),
        )

    def second_thoughts(self, author: str, line: Line, action: ActionStep) -> Sequence[Step]:
        """The correction or the withdrawal that the line calls for."""
        soon = self.partners.calendar.soon_after(action.at)
        if line.withdrawn is not None:
            who = self.partners.referent(author)
            return [WithdrawStep(who=who, at=soon, label=action.label, reason=line.withdrawn)]
        if line.corrected is None:
            return []
        words = slots(
            self.partners.outline,
            action.occurred_on,
            action.due,
            action.at,
            self.partners.calendar.random,
        )
        next_day = working_day(day_of(action.at) + timedelta(days=1))
        return [
            CorrectStep(
                who=self.partners.referent(author),
                at=self.partners.calendar.office_hour(next_day),
                label=action.label,
                kind=action.kind,
                text=line.corrected.format_map(words),
                occurred_on=action.occurred_on,
                due=action.due,
                level=action.level,
                completes=action.completes,
            )
        ]
