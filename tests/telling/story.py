"""Stories for the tests of summaries and of the audit: a journey that three institutions write into."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from application.coordination import framing
from application.magistrate import received as magistrate
from application.referent import approving, composing, summaries
from domain.compartments import Compartment
from domain.summary.summary import Requisition
from tests.telling.journeys import act_as, append_action, open_journey, share
from tests.telling.town import Town, consent

FRAMED = "SENTINELLE-CADRE"
"""What is typed into a requisition: the coordination reads that, and no other word."""

WORDS = {
    "police": "Elle dit : il m'a suivie jusqu'au marché aux sentinelles.",
    "cidff": "Reçue seule, sentinelle de l'entretien.",
    "danger": "Sentinelle du danger : menaces devant témoin.",
    "health": "Sentinelle de santé : hématome de quatre centimètres.",
    "contact": "Sentinelle de contact : SMS le matin.",
}
"""What is typed into the journey, by what it is about."""

SCOPE = frozenset(
    {Compartment.FOLLOW_UP, Compartment.DANGER, Compartment.PROCEEDINGS, Compartment.HEALTH}
)


@dataclass
class Story:
    """A journey of the CIDFF that police and hospital joined, each with an entry; ``versions`` by what they are
    about."""

    town: Town
    journey: UUID
    versions: dict[str, int] = field(default_factory=dict)

    @property
    def services(self) -> Any:
        """The parts of the house."""
        return self.town.services

    def write(self, login: str, about: str, compartment: Compartment, **facts: Any) -> int:
        """An entry of somebody, with the words for what it is about; returns its version."""
        version = append_action(self.town, login, self.journey, WORDS[about], compartment, **facts)
        self.versions[about] = version
        return version

    def requisition(self, scope: frozenset[Compartment] = SCOPE) -> Requisition:
        """A requisition issued two days ago."""
        issued = self.town.clock().date() - timedelta(days=2)
        return Requisition(f"{FRAMED}-77", f"{FRAMED} Cormier", issued, scope)

    def compose(
        self,
        about: Sequence[str] = ("police", "cidff", "danger"),
        *,
        login: str = "cidff.un",
        recipient: str = "parquet",
        scope: frozenset[Compartment] = SCOPE,
    ) -> UUID:
        """A summary of some entries, for a recipient, under a requisition."""
        return act_as(
            self.town,
            login,
            composing.compose,
            self.journey,
            self.town.institutions[recipient].id,
            self.requisition(scope),
            [self.versions[subject] for subject in about],
        )

    def approve(self, summary: UUID, *logins: str) -> None:
        """Let these people approve every part of their institutions that awaits."""
        for login in logins:
            session = self.town.who(login)
            entered = act_as(self.town, session, summaries.read_summary, summary)
            for part in entered.summary.standing_parts:
                if part.author_institution == session.institution:
                    act_as(self.town, session, approving.judge_part, summary, part.index, None)

    def part_of(self, summary: UUID, institution: str) -> int:
        """The index of an institution's first part."""
        entered = act_as(self.town, "cidff.un", summaries.read_summary, summary)
        author = self.town.institutions[institution].id
        parts = entered.summary.parts.values()
        return next(part.index for part in parts if part.author_institution == author)

    def approve_frame(self, summary: UUID) -> None:
        """Let the coordination approve the frame."""
        act_as(self.town, "coordination.un", framing.judge_frame, summary, None)

    def released(self, **composed: Any) -> UUID:
        """A summary that was approved and released."""
        summary = self.compose(**composed)
        self.approve(summary, "cidff.deux", "police.un")
        self.approve_frame(summary)
        act_as(self.town, "cidff.un", approving.release, summary)
        return summary

    def opened(self, login: str, summary: UUID) -> list[str]:
        """The words that somebody of justice reads on opening."""
        entered = act_as(self.town, login, magistrate.open_summary, summary)
        return [item.text for part in entered.summary.standing_parts for item in part.items or ()]


def begin_story(town: Town) -> Story:
    """The journey, its partners and an entry of each."""
    # In a town that lives on, groups have been renewed since somebody logged in.
    town.sessions.clear()
    story = Story(town, open_journey(town, contact=WORDS["contact"], level="high"))
    share(town, story.journey, "police", "hopital", basis=consent(past=True))
    story.write("cidff.un", "cidff", Compartment.FOLLOW_UP)
    story.write("cidff.un", "danger", Compartment.DANGER, kind="threat_reported")
    story.write("police.un", "police", Compartment.DANGER, kind="incident")
    story.write("hopital.un", "health", Compartment.HEALTH, kind="medical_certificate")
    return story
