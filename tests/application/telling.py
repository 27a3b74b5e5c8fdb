"""Stories for the tests of summaries and of the audit: a journey that three institutions write into."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from application.coordination import framing
from application.magistrate import received as magistrate
from application.referent import approving, composing, opening, sharing, summaries, writing
from domain.compartments import Compartment
from domain.journey.entries import Content
from domain.summary.summary import Requisition
from tests.town import Town, action, ambre, consent, informed

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
        content: Content = action(WORDS[about], self.town.clock().date(), **facts)
        session = self.town.who(login)
        version = writing.append_action(
            self.services, session, self.journey, compartment, content, None
        )
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
        return composing.compose(
            self.services,
            self.town.who(login),
            self.journey,
            self.town.institutions[recipient].id,
            self.requisition(scope),
            [self.versions[one] for one in about],
        )

    def approve(self, summary: UUID, *logins: str) -> None:
        """Let these people approve every part of their institutions that awaits."""
        for login in logins:
            session = self.town.who(login)
            found = summaries.read_summary(self.services, session, summary)
            for part in found.summary.standing_parts:
                if part.author_institution == session.institution:
                    approving.judge_part(self.services, session, summary, part.index, None)

    def approve_frame(self, summary: UUID) -> None:
        """Let the coordination approve the frame."""
        framing.judge_frame(self.services, self.town.who("coordination.un"), summary, None)

    def released(self, **composed: Any) -> UUID:
        """A summary that was approved and released."""
        summary = self.compose(**composed)
        self.approve(summary, "cidff.deux", "police.un")
        self.approve_frame(summary)
        approving.release(self.services, self.town.who("cidff.un"), summary)
        return summary

    def opened(self, login: str, summary: UUID) -> list[str]:
        """The words that somebody of justice reads on opening."""
        found = magistrate.open_summary(self.services, self.town.who(login), summary)
        return [item.text for part in found.summary.standing_parts for item in part.items or ()]


def begin_story(town: Town) -> Story:
    """The journey, its partners and an entry of each."""
    day, lead = town.clock().date(), town.who("cidff.un")
    new = opening.NewJourney(informed(day), ambre(), WORDS["contact"], "high", "")
    story = Story(town, opening.open_journey(town.services, lead, new))
    for institution in ("police", "hopital"):
        member = town.institutions[institution].id
        sharing.invite(town.services, lead, story.journey, member, consent(past=True))
        joined = town.who(f"{institution}.un")
        sharing.answer_invitation(town.services, joined, story.journey, None)
    story.write("cidff.un", "cidff", Compartment.FOLLOW_UP)
    story.write("cidff.un", "danger", Compartment.DANGER, kind="threat_reported")
    story.write("police.un", "police", Compartment.DANGER, kind="incident")
    story.write("hopital.un", "health", Compartment.HEALTH, kind="medical_certificate")
    return story
