"""Random lives of a town, on real parts, with an attacker for each person beside them."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from application.door.refusing import Refused
from application.referent import (
    capacities,
    closing,
    listing,
    opening,
    reading,
    restricting,
    sharing,
    writing,
)
from application.referent.person import record_person
from domain.access import Access
from domain.compartments import Compartment
from domain.journey.capacities import Capacity
from domain.journey.entries import Content, Entry, SealedEntry
from domain.journey.partners import Basis
from domain.network.groups import GroupKind
from domain.network.members import Standing
from domain.refusals import Refusal
from infrastructure.directory.admissions import Newcomer
from infrastructure.formats.session import OpenSession
from tests.sealing.attacker import Attacker, Heap, name_of
from tests.sealing.erasure import Erasures, journeys_opened
from tests.sealing.promise import DESK, Facts, Part, Promise, Seat
from tests.sealing.world import Founded, World
from tests.town import action, ambre, informed

PARTNERS = ("ville", "cidff", "police", "hopital", "social", "abri", "spip")
AUDITING = ("coordination", "auditeur")
WRITABLE = tuple(
    one
    for one in Compartment
    if one not in (Compartment.FRAME, Compartment.IDENTITY, Compartment.CONTACT)
)
SHARED = tuple(one for one in Compartment if one is not Compartment.FRAME)
DOING = {
    Compartment.HEALTH: ("hopital", Capacity.CARE, "care_team", "cidff"),
    Compartment.SOCIAL: ("social", Capacity.SOCIAL_ACTION, "social_secret_shared", "abri"),
}
"""Who reads it by what it does for the person, on which ground without consent, and who reads it beside."""
HALVES = ("event", "header")
FACES = {1: Compartment.IDENTITY, 2: Compartment.FRAME}
ON_ANOTHER_GROUND = frozenset({Compartment.FOLLOW_UP, Compartment.IDENTITY, Compartment.DANGER})
JOURNEYS = 2


class Sharing(NamedTuple):
    """A basis that is not given yet: ``days`` says for how long, ``does`` what an institution is then invited for."""

    scope: frozenset[Compartment]
    past: bool
    ground: str
    purpose: str = "ongoing_work"
    days: int | None = None
    does: frozenset[Capacity] = frozenset(Capacity)


class Spell(NamedTuple):
    """Of one partner that does something for the person, then does not, then does again: what that lets it read,
    whether its basis opens the past and is her consent, and whether it looks each time."""

    compartment: Compartment
    past: bool
    agreed: bool
    looks: bool


some = st.integers(0, 40)
spells = st.builds(
    Spell, st.sampled_from(tuple(DOING)), st.booleans(), st.booleans(), st.booleans()
)
some_capacities = st.one_of(
    st.just(frozenset(Capacity)), st.just(frozenset()), st.frozensets(st.sampled_from(Capacity))
)
scopes = st.one_of(
    st.just(frozenset(SHARED)),
    st.sets(st.sampled_from(SHARED), min_size=1).map(frozenset),
    st.sets(st.sampled_from(SHARED), max_size=3).map(lambda left: frozenset(SHARED) - left),
)
some_sharing: st.SearchStrategy[Sharing] = st.one_of(
    st.builds(
        Sharing,
        scopes,
        st.booleans(),
        st.just("person_consent"),
        st.just("ongoing_work"),
        st.sampled_from((None, None, 2, 9)),
        some_capacities,
    ),
    st.builds(
        Sharing,
        st.sets(st.sampled_from(sorted(ON_ANOTHER_GROUND)), min_size=1).map(frozenset),
        st.booleans(),
        st.just("council_ground"),
        st.just("ongoing_work"),
        st.none(),
        some_capacities,
    ),
)
AGREED = Sharing(
    frozenset({Compartment.HEALTH, Compartment.FOLLOW_UP}), past=False, ground="person_consent"
)
ON_CARE = AGREED._replace(ground="care_team")
TURNS = (
    (ON_CARE, 0, AGREED),
    (ON_CARE, 0, AGREED._replace(past=True)),
    (AGREED._replace(days=2), 3, AGREED),
    (AGREED._replace(days=2), 1, AGREED),
    (AGREED, None, AGREED),
    (AGREED, None, ON_CARE),
    (AGREED._replace(purpose="complaint_ongoing"), 0, AGREED),
)
"""Two bases for one partner, and after how many days the second is given; ``None``: after a withdrawal."""


class Lives(RuleBasedStateMachine):
    """Whoever may ever read something is exactly whom it was promised to.

    A subclass gives ``founded``.
    """

    founded: Founded

    def __init__(self) -> None:
        super().__init__()
        self.world: World = self.founded.copy()
        self.promise = Promise()
        self.heap = Heap(self.world.services.network, self.world.house_folder)
        self.attackers: dict[str, Attacker] = {}
        self.journeys: list[UUID] = []
        self.versions: dict[UUID, int] = {}
        self.standing: dict[UUID, Standing] = {}
        self.erased = Erasures()
        self.words = 0
        self.said: dict[bytes, tuple[UUID, int]] = {}
        self.elsewhere: set[UUID] = set()
        self.at_hand: set[bytes] = set()
        for institution in self.world.institutions.values():
            self.promise.institutions[institution.id] = Facts(
                institution.id,
                institution.kind,
                institution.may,
                institution.gateway,
                institution.works_with_author,
            )
        network = self.world.installation.directory.current()
        for login, referent in self.world.referents.items():
            self._meet(login, referent, network.referents[referent].institution)
        self.promise.on_call = network.on_call
        self.heap.copy(self.world.database.app)

    def teardown(self) -> None:
        """Let everybody come by, then look at what is owed; and leave nothing behind."""
        try:
            self._rotate()
            self._everybody_comes_by()
            self._check_owed()
            self._check_auditors()
            self._check_erased()
        finally:
            self.world.drop()

    # -- people -------------------------------------------------------------------------------------------------

    @initialize(
        who=st.sampled_from(PARTNERS),
        contact=st.booleans(),
        does=some_capacities,
        spell=st.one_of(st.none(), spells),
        invited=st.lists(st.tuples(some, some_sharing), max_size=4),
    )
    def a_first_journey(
        self,
        who: str,
        contact: bool,
        does: frozenset[Capacity],
        spell: Spell | None,
        invited: list[tuple[int, Sharing]],
    ) -> None:
        self._open(f"{who}.un", does, contact=contact, danger=contact)
        if spell is not None:
            self.somebody_does_less_for_a_while(0, spell)
        for institution, shared in invited:
            self.invite(0, 0, institution, shared)
            newest = len(self.promise.journeys[self.journeys[0]].parts) - 1
            self.join(newest, 0)

    @precondition(lambda self: len(self.journeys) - len(self.erased) < JOURNEYS)
    @rule(who=some, does=some_capacities, contact=st.booleans(), danger=st.booleans())
    def open_journey(
        self, who: int, does: frozenset[Capacity], contact: bool, danger: bool
    ) -> None:
        self._open(self._login(who), does, contact=contact, danger=danger)

    @rule(who=some)
    def log_in(self, who: int) -> None:
        session = self.world.log_in(self._login(who))
        self._keeps(self._login(who), session)
        self._settle({})

    @rule(institution=st.sampled_from(PARTNERS), by=some)
    def somebody_joins(self, institution: str, by: int) -> None:
        colleagues = [one for one in self.world.referents if one.startswith(institution + ".")]
        admitting = colleagues[by % len(colleagues)]
        session = self.world.session(admitting)
        if len(colleagues) > 4 or not self.promise.present(self.world.referents[admitting]):
            return
        assert session is not None
        login = f"{institution}.n{len(colleagues)}"
        own = self.world.institutions[institution].id
        offices = self.world.installation.offices
        newcomer = Newcomer(own, login, login)
        try:
            admitted = offices.admit_referent(session, newcomer, self.world.clock())
        except Refusal:
            return
        self.world.referents[login] = admitted.referent.id
        self.world.bundles[login] = admitted.bundle
        self._meet(login, admitted.referent.id, own)
        arrived = self.world.log_in(login)
        assert arrived is not None
        at = self.world.clock()
        offices.sign_charter(arrived, Access("sign_charter", at), admitted.referent.id, at)
        self._keeps(admitting, session)
        self._keeps(login, arrived)
        self._settle({})

    @rule(
        who=some,
        standing=st.sampled_from((Standing.LEFT, Standing.EXCLUDED, Standing.SUSPENDED)),
        comes_back=st.booleans(),
    )
    def a_referent_goes(self, who: int, standing: Standing, comes_back: bool) -> None:
        subject = self.world.referents[self._login(who)]
        self._set_standing(subject, Standing.ACTIVE if comes_back else standing)

    @rule(
        institution=st.sampled_from(PARTNERS),
        standing=st.sampled_from((Standing.EXCLUDED, Standing.SUSPENDED)),
        comes_back=st.booleans(),
    )
    def an_institution_goes(self, institution: str, standing: Standing, comes_back: bool) -> None:
        subject = self.world.institutions[institution].id
        self._set_standing(subject, Standing.ACTIVE if comes_back else standing)

    @rule(named=st.sets(some, min_size=2, max_size=3))
    def name_on_call(self, named: set[int]) -> None:
        agents = [one for one in self.world.referents if one.startswith("ville.")]
        chosen = {self.world.referents[agents[one % len(agents)]] for one in named}
        session = self._coordination()
        offices, gateway = self.world.installation.offices, self.world.institutions["ville"].id
        try:
            offices.name_on_call(session, gateway, chosen, self.world.clock())
        except Refusal:
            return
        self.promise.on_call = frozenset(chosen)
        self._settle({})

    @rule(days=st.sampled_from((1, 3, 8)))
    def days_pass(self, days: int) -> None:
        self.world.clock.forward(days=days)
        self._settle({})

    # -- a journey ----------------------------------------------------------------------------------------------

    @rule(who=some, journey=some, institution=some, shared=some_sharing)
    def invite(self, who: int, journey: int, institution: int, shared: Sharing) -> None:
        parts = self.promise.journeys[self._journey(journey)].parts
        strangers = [one for one in PARTNERS if self.world.institutions[one].id not in parts]
        if strangers:
            self._invite(who, journey, strangers[institution % len(strangers)], shared)

    @rule(
        who=some,
        journey=some,
        compartment=st.sampled_from(WRITABLE),
        institution=some,
        past=st.booleans(),
    )
    def somebody_comes_after(
        self, who: int, journey: int, compartment: Compartment, institution: int, past: bool
    ) -> None:
        """Something is written, and then an institution is invited with everything shared, the past or not."""
        self.append(who, journey, compartment)
        self.invite(0, journey, institution, Sharing(frozenset(SHARED), past, "person_consent"))

    @rule(who=some, journey=some, partner=some, shared=some_sharing)
    def give_consent_anew(self, who: int, journey: int, partner: int, shared: Sharing) -> None:
        """Wider, narrower, for the past too or not, by consent or on another ground."""
        own, basis = self._partner(journey, partner), self._basis(shared)
        self._act(
            who,
            journey,
            lambda session, one: sharing.give_consent(
                self.world.services, session, one, own, basis
            ),
            [Compartment.FRAME],
            lambda one: self.promise.consent(one, own, basis, self._next(one), self.day),
        )

    @rule(who=some, journey=some, partner=some, turn=st.sampled_from(TURNS))
    def health_is_shared_in_turns(
        self, who: int, journey: int, partner: int, turn: tuple[Sharing, int | None, Sharing]
    ) -> None:
        """Something of health is written beside a caregiver, before a partner is given the second basis."""
        before, days, after = turn
        parts = self.promise.journeys[self._journey(journey)].parts
        if self.world.institutions["hopital"].id not in parts:
            self._invite(0, journey, "hopital", Sharing(frozenset(SHARED), False, AGREED.ground))
        self.give_consent_anew(0, journey, partner, before)
        if days is None:
            self.withdraw_consent(0, journey, partner)
        elif days:
            self.days_pass(days)
        self.append(who, journey, Compartment.HEALTH)
        self.give_consent_anew(0, journey, partner, after)
        self.consult("hopital.un", journey)

    @rule(
        who=st.one_of(st.just(0), some),
        journey=some,
        partner=some,
        does=some_capacities,
        entitled=st.sampled_from((True, True, True, False)),
    )
    def state_capacities(
        self, who: int, journey: int, partner: int, does: frozenset[Capacity], entitled: bool
    ) -> None:
        """What a partner, or who leads, does for the person from now on; now and then what it is not entitled to."""
        parts = self._parts(journey)
        own = list(parts)[partner % len(parts)]
        self._state(who, journey, own, self._entitled(own, does) if entitled else does)
        assert self._parts(journey)[own].does.keys() <= self.promise.institutions[own].may

    @rule(journey=some, spell=spells)
    def somebody_does_less_for_a_while(self, journey: int, spell: Spell) -> None:
        """Something is written beside another reader before a partner begins, while it does, and once it stopped."""
        compartment, past, agreed, looks = spell
        institution, capacity, ground, beside = DOING[compartment]
        own = self.world.institutions[institution].id
        by_consent = Sharing(frozenset(SHARED), past, "person_consent")
        shared = Sharing(frozenset({compartment, Compartment.FOLLOW_UP}), past, ground)
        for name, basis in ((beside, by_consent), (institution, by_consent if agreed else shared)):
            if self.world.institutions[name].id not in self._parts(journey):
                self._invite(
                    0,
                    journey,
                    name,
                    basis._replace(does=frozenset(Capacity if name == beside else ())),
                )
        for does in (frozenset({capacity}), frozenset[Capacity](), frozenset({capacity})):
            self.append(0, journey, compartment)
            self._state(0, journey, own, does)
            if looks:
                self.consult(f"{institution}.un", journey)

    @rule(who=some, journey=some, partner=some)
    def withdraw_consent(self, who: int, journey: int, partner: int) -> None:
        own = self._partner(journey, partner)
        self._act(
            who,
            journey,
            lambda session, one: sharing.withdraw_consent(self.world.services, session, one, own),
            [Compartment.FRAME],
            lambda one: self.promise.withdraw(one, own),
        )

    @rule(partner=some, journey=some)
    def join(self, partner: int, journey: int) -> None:
        """Somebody of an institution that was invited accepts."""
        own = self._partner(journey, partner)
        colleagues = [
            login
            for login, referent in self.world.referents.items()
            if self.promise.people[referent] == own
        ]
        self._act(
            colleagues[partner % len(colleagues)],
            journey,
            lambda session, one: sharing.answer_invitation(self.world.services, session, one, None),
            [Compartment.FRAME],
        )

    @rule(who=some, journey=some)
    def leave(self, who: int, journey: int) -> None:
        own = self.promise.people[self.world.referents[self._actor(who, journey)]]
        self._act(
            who,
            journey,
            lambda session, one: sharing.leave(self.world.services, session, one, "work_done"),
            [Compartment.FRAME],
            lambda one: self.promise.journeys[one].parts.pop(own),
        )

    @rule(
        who=some,
        journey=some,
        institution=st.sampled_from(PARTNERS),
        shut=st.sets(some, min_size=1, max_size=2),
    )
    def restrict(self, who: int, journey: int, institution: str, shut: set[int]) -> None:
        colleagues = [one for one in self.world.referents if one.startswith(institution + ".")]
        chosen = frozenset(self.world.referents[colleagues[one % len(colleagues)]] for one in shut)
        own = self.world.institutions[institution].id
        desk = bool(chosen & self.promise.members(("desk",)))
        self._act(
            who,
            journey,
            lambda session, one: restricting.restrict(
                self.world.services, session, one, own, chosen
            ),
            [Compartment.FRAME] * (2 if desk else 1),
            lambda one: self.promise.restrict(one, own, chosen),
        )

    @rule(who=some, journey=some, compartment=st.sampled_from(WRITABLE))
    def append(self, who: int, journey: int, compartment: Compartment) -> None:
        """Append, or deposit where one may not read."""
        content = self._says(journey)
        self._act(
            who,
            journey,
            lambda session, one: writing.append_action(
                self.world.services, session, one, compartment, content, None
            ),
            [compartment],
        )

    @rule(
        who=some,
        journey=some,
        compartment=st.sampled_from((Compartment.HEALTH, Compartment.SOCIAL, Compartment.SHELTER)),
    )
    def deposit(self, who: int, journey: int, compartment: Compartment) -> None:
        """What is most often held by few."""
        self.append(who, journey, compartment)

    @rule(who=some, journey=some, person=st.booleans())
    def record_person(self, who: int, journey: int, person: bool) -> None:
        named, contact = (ambre(), None) if person else (None, "le mardi, mot-contact")
        self._act(
            who,
            journey,
            lambda session, one: record_person(self.world.services, session, one, named, contact),
            [Compartment.IDENTITY if person else Compartment.CONTACT],
        )

    @rule(who=some, journey=some, entry=some, withdrawn=st.booleans())
    def correct(self, who: int, journey: int, entry: int, withdrawn: bool) -> None:
        """Correct or withdraw an entry of one's own institution."""
        written = [
            one
            for one in self.promise.journeys[self._journey(journey)].written.values()
            if one.what == "event" and one.compartment in WRITABLE
        ]
        if not written:
            return
        chosen = written[entry % len(written)]
        content = self._says(journey)

        def act(session: OpenSession, one: UUID) -> None:
            services = self.world.services
            if withdrawn:
                writing.withdraw_action(services, session, one, chosen.version, "wrong_facts")
            else:
                writing.correct_action(services, session, one, chosen.version, content, None)

        self._act(who, journey, act, [chosen.compartment])

    @rule(who=some, journey=some)
    def consult(self, who: int | str, journey: int) -> None:
        """Read a journey: keys that others lack are passed on."""
        self._act(
            who,
            journey,
            lambda session, one: reading.read_journey(
                self.world.services, session, one, "ongoing_work"
            ),
            [],
        )

    @rule(who=some)
    def list_journeys(self, who: int) -> None:
        login = self._login(who)
        session = self.world.session(login)
        if session is not None:
            try:
                listing.my_journeys(self.world.services, session)
            except Refused:
                assert not self.promise.present(self.world.referents[login]) or self._suspended(
                    login
                )
            self._keeps(login, session)
            self._settle({})

    @rule(who=some, journey=some)
    def pass_on(self, who: int, journey: int) -> None:
        """Passing a key on is not reading: a session may do it though its own door is closed (5.0 for the desk)."""
        login = self._login(who)
        session = self.world.session(login)
        if session is not None and self.promise.present(session.referent):
            self._pass_on(login, session, self._journey(journey))

    @rule(who=some, journey=some, again=st.booleans())
    def close(self, who: int, journey: int, again: bool) -> None:
        """Close, or open again."""

        def act(session: OpenSession, one: UUID) -> None:
            if again:
                closing.reopen(self.world.services, session, one, "la personne revient")
            else:
                closing.close(self.world.services, session, one, "protected")

        self._act(who, journey, act, [Compartment.FRAME])

    @precondition(lambda self: len(self.journeys) - len(self.erased) > 1)
    @rule(journey=some)
    def erase(self, journey: int) -> None:
        """Grants and shred secret go: what is stored from then on opens nothing, with all keys of all people."""
        chosen = self._journey(journey)
        self.world.erase(chosen)
        self.erased.erase(chosen, self.world.clock.now)
        self._settle({})
        stored = Heap(self.heap.network, self.world.house_folder)
        stored.copy(self.world.database.app)
        assert chosen not in journeys_opened(stored, self.attackers.values())
        for login in self.world.referents:
            assert self._load(self.world.session(login), chosen) is None

    @rule(days=st.sampled_from((0, 0, 7, 36)))
    def house_key_turns(self, days: int) -> None:
        """Now, in its week, or once the term of the last one is over."""
        self.world.clock.forward(days=days)
        self._rotate()

    # -- always -------------------------------------------------------------------------------------------------

    @invariant()
    def nobody_reads_more_than_promised(self) -> None:
        for login, attacker in self.attackers.items():
            attacker.attack()
            for key in attacker.read:
                if key[1] in self.erased or key[1] in self.elsewhere:
                    continue
                one = self.promise.journeys[key[1]].written[key]
                assert attacker.holder in one.persons, (
                    f"{login} reads {one.what} {one.version} of {one.compartment}"
                )

    # -- parts --------------------------------------------------------------------------------------------------

    @property
    def day(self) -> Any:
        """Today."""
        return self.world.clock.now.date()

    def _login(self, number: int) -> str:
        logins = [one for one in self.world.referents if one.split(".")[0] in PARTNERS]
        return logins[number % len(logins)]

    def _actor(self, number: int, journey: int) -> str:
        """Mostly somebody who takes part, the lead first; now and then anybody."""
        found = self.promise.journeys[self._journey(journey)]
        partners = [
            login
            for institution in found.parts
            for login, referent in self.world.referents.items()
            if self.promise.people[referent] == institution
            and self.promise.present(referent)
            and referent not in found.shut_out
        ]
        if number > 34 or not partners:
            return self._login(number)
        return partners[number % len(partners)]

    def _partner(self, journey: int, number: int) -> UUID:
        parts = list(self.promise.journeys[self._journey(journey)].parts)
        return parts[1 + number % (len(parts) - 1)] if len(parts) > 1 else parts[0]

    def _says(self, journey: int) -> Content:
        """Words that nobody said before, to be written into a journey next."""
        self.words += 1
        chosen = self._journey(journey)
        self.said[b"mot-%d-" % self.words] = (chosen, self._next(chosen))
        return action(f"mot-{self.words}-", self.day)

    def _basis(self, shared: Sharing) -> Basis:
        until = None if shared.days is None else self.day + timedelta(days=shared.days)
        told = "" if shared.ground == "person_consent" else "dit"
        return Basis(shared.ground, shared.scope, shared.purpose, until, shared.past, told)

    def _invite(self, who: int, journey: int, institution: str, shared: Sharing) -> None:
        own, basis = self.world.institutions[institution].id, self._basis(shared)
        does = self._entitled(own, shared.does)
        services = self.world.services
        self._act(
            who,
            journey,
            lambda session, one: sharing.invite(services, session, one, own, basis, None, does),
            [Compartment.FRAME],
            lambda one: self.promise.invite(one, own, basis, does, self._next(one)),
        )

    def _entitled(self, institution: UUID, does: frozenset[Capacity]) -> frozenset[Capacity]:
        """What of it the directory lets an institution do."""
        return frozenset(one for one in does if one in self.promise.institutions[institution].may)

    def _state(self, who: int, journey: int, institution: UUID, does: frozenset[Capacity]) -> None:
        services = self.world.services
        self._act(
            who,
            journey,
            lambda session, one: capacities.state_capacities(
                services, session, one, institution, does
            ),
            [Compartment.FRAME],
            lambda one: self.promise.does(one, institution, does, self._next(one)),
        )

    def _parts(self, journey: int) -> dict[UUID, Part]:
        """Who takes part in a journey, as the promise has it."""
        return self.promise.journeys[self._journey(journey)].parts

    def _journey(self, number: int) -> UUID:
        living = [one for one in self.journeys if one not in self.erased]
        return living[number % len(living)]

    def _next(self, journey: UUID) -> int:
        return self.versions[journey] + 1

    def _meet(self, login: str, referent: UUID, institution: UUID) -> None:
        self.promise.people[referent] = institution
        attacker = self.attackers[login] = Attacker(self.heap, referent)
        attacker.keeps((), {(referent, 1): self.world.bundles[login].decryption.raw})

    def _keeps(self, login: str, session: OpenSession | None) -> None:
        if session is not None:
            held = [
                (epoch.id, epoch.key)
                for journey in session.epochs.values()
                for epoch in journey.values()
            ]
            self.attackers[login].keeps(held, session.groups)

    def _coordination(self) -> OpenSession:
        session = self.world.session("coordination.un")
        assert session is not None
        return session

    def _suspended(self, login: str) -> bool:
        referent = self.world.referents[login]
        return Standing.SUSPENDED in (
            self.standing.get(referent),
            self.standing.get(self.promise.people[referent]),
        )

    def _set_standing(self, subject: UUID, standing: Standing) -> None:
        try:
            self.world.installation.offices.set_standing(
                self._coordination(), subject, standing, "motif", self.world.clock()
            )
        except Refusal:
            return
        self.standing[subject] = standing
        if standing in (Standing.LEFT, Standing.EXCLUDED):
            self.promise.ends(subject)
        else:
            self.promise.comes_back(subject)
        self._settle({})

    def _open(self, login: str, does: frozenset[Capacity], *, contact: bool, danger: bool) -> None:
        session = self.world.session(login)
        if session is None:
            return
        does = self._entitled(session.institution, does)
        new = opening.NewJourney(
            informed(self.day),
            ambre(),
            "le mardi, mot-contact" if contact else "",
            "serious" if danger else None,
            "mot-danger" if danger else "",
            does,
        )
        try:
            journey = opening.open_journey(self.world.services, session, new)
        except (Refused, Refusal):
            return
        finally:
            self._keeps(login, session)
        self.journeys.append(journey)
        self.versions[journey] = 0
        self.promise.open(journey, session.institution, does)
        written = [Compartment.FRAME, Compartment.IDENTITY]
        written += [Compartment.CONTACT] * contact + [Compartment.DANGER] * danger
        self._settle({journey: written})

    def _act(
        self,
        who: int | str,
        journey: int,
        act: Callable[[OpenSession, UUID], Any],
        written: Iterable[Compartment],
        promised: Callable[[UUID], Any] = lambda _: None,
    ) -> None:
        """One act of one person on one journey: done, and then what is promised changes; or refused."""
        login = who if isinstance(who, str) else self._actor(who, journey)
        chosen = self._journey(journey)
        session = self.world.session(login)
        if session is None:
            return
        done = True
        try:
            act(session, chosen)
        except (Refused, Refusal):
            done = False
        self._keeps(login, session)
        if done:
            assert self.promise.present(session.referent), f"{login} acts though they are gone"
            assert session.referent not in self.promise.journeys[chosen].shut_out
            promised(chosen)
        self._settle({chosen: list(written)} if done else {})

    def _settle(self, written: dict[UUID, list[Compartment]]) -> None:
        """Copy the database, and say of each thing of a journey that is new to whom it is promised."""
        copied = self.heap.copy(self.world.database.app)
        fresh = {
            table: {row for row in rows if row[0] not in self.elsewhere}
            for table, rows in copied.items()
        }
        for journey, version, _ in fresh["event"]:
            self.versions[journey] = max(self.versions[journey], version)
        self.promise.tick(self.day)
        self._delivered()
        for journey, compartments in written.items():
            rows = sorted(row for row in fresh["event"] if row[0] == journey)
            assert len(rows) == len(compartments)
            for row, compartment in zip(rows, compartments, strict=True):
                version = row[1]
                self._promise(journey, "event", row, version, compartment)
                self._promise(journey, "header", row, version, Compartment.FRAME)
        assert {row[0] for row in fresh["event"]} <= written.keys()
        for row in fresh["card"]:
            self._promise(row[0], "card", row, row[2], FACES[row[1]])
        for row in fresh["trace"]:
            self._promise(row[0], "trace", row, self.versions[row[0]], Compartment.FRAME)
        self.promise.tick(self.day)

    def _promise(
        self, journey: UUID, what: str, row: tuple[Any, ...], version: int, compartment: Compartment
    ) -> None:
        epoch = {"event": row[2][33:65], "header": row[2][1:33]} if what in HALVES else {}
        self.promise.write(
            journey,
            name_of(what, row),
            what,
            version,
            compartment,
            epoch.get(what) or row[3],
            self.day,
        )

    def _delivered(self) -> None:
        """What waited at the desk and was handed over waits no more."""
        network = self._network()
        desk = network.on_call_group().id
        keepers = {desk} | {group.id for group in network.groups.values() if group.of == desk}
        keepers |= self.promise.people_of([self.world.institutions["ville"].id])
        handed = {row[1] for row in self.heap.rows["grant"] if row[2] not in keepers}
        for journey, version, state in self.heap.rows["event"]:
            one = (
                self.promise.journeys[journey].written.get(
                    name_of("event", (journey, version, state))
                )
                if journey in self.promise.journeys
                else None
            )
            if one is not None and one.waits and state[33:65] in handed:
                one.waits = False

    def _network(self) -> Any:
        return self.world.installation.directory.current()

    def _load(self, session: OpenSession | None, journey: UUID) -> Any:
        """A journey with every key that a session has, or ``None`` where it has none."""
        if session is None:
            return None
        services = self.world.services
        keys = {one.id: one.signing_key for one in self._network().referents.values()}
        services.entrance.read_epochs(session, journey)
        return services.journeys.load(session, journey, lambda _: keys)

    def _pass_on(self, login: str, session: OpenSession, journey: UUID) -> None:
        services, network = self.world.services, self._network()
        loaded = self._load(session, journey)
        if loaded is not None:
            at = self.world.clock()
            loaded.counter = network.counter
            audience_of = services.audiences.of(loaded.aggregate, network, at.date())
            access = Access("pass_key", at, subject=journey)
            # Where nobody at all reads the frame, nothing can be recorded, and nobody is owed anything.
            if audience_of(Compartment.FRAME.code).holders:
                services.journeys.record(session, loaded, access, audience_of)
                services.entrance.save_epochs(session, [journey])
        self._keeps(login, session)
        self._settle({})

    def _rotate(self) -> None:
        self.world.rotate()
        self.erased.turn(self.world.clock.now)
        self._settle({})
        self._check_beyond_reach()

    def _check_beyond_reach(self) -> None:
        """Who comes now, with the house's folder as it is, every copy of the database and every key ever held."""
        if not self.erased:
            return
        late = Heap(self.heap.network, self.world.house_folder)
        late.copy(self.world.database.app)
        late.take(self.heap.rows)
        opened = journeys_opened(late, self.attackers.values())
        assert not opened & self.erased.beyond_reach()

    def _check_erased(self) -> None:
        """After the term nothing erased is left but to who copied the house key in time; the rest opens as before."""
        if not self.erased:
            return
        self.world.clock.forward(days=36)
        self._rotate()
        assert self.erased.beyond_reach() == self.erased.all()
        assert self.erased.all() <= journeys_opened(self.heap, self.attackers.values())

    # -- what is owed -------------------------------------------------------------------------------------------

    def _everybody_comes_by(self) -> None:
        living = [one for one in self.journeys if one not in self.erased]
        for _ in range(3):
            for login in list(self.world.referents):
                session = self.world.log_in(login)
                if session is not None:
                    for journey in living:
                        self._pass_on(login, session, journey)
        for login in self.world.referents:
            session = self.world.session(login)
            for journey in living:
                loaded = self._load(session, journey)
                self.at_hand.update(() if loaded is None else loaded.epochs)
        self.nobody_reads_more_than_promised()

    def _check_owed(self) -> None:
        people = {referent: login for login, referent in self.world.referents.items()}
        living = [one for one in self.journeys if one not in self.erased]
        for journey in living:
            for key, one in self.promise.journeys[journey].written.items():
                if one.epoch not in self.at_hand:
                    self._check_nobody_could_pass_on(journey, key)
                    continue
                for person in self._owed(journey, key):
                    assert key in self.attackers[people[person]].read, (
                        f"{people[person]} lacks {one.what} {one.version} of {one.compartment}"
                    )
        for journey in living:
            self._check_views(journey)

    def _check_nobody_could_pass_on(self, journey: UUID, key: object) -> None:
        """What no session could open has no reader left who takes part: it is for the custodians."""
        frame = {
            one.version: place
            for place, one in self.promise.journeys[journey].written.items()
            if one.what == "header"
        }
        taking_part = self._owed(journey, frame[max(frame)])
        for login, attacker in self.attackers.items():
            if attacker.holder in taking_part and key in attacker.read:
                assert not attacker.read.keys() >= set(frame.values()), login

    def _owed(self, journey: UUID, key: object) -> frozenset[UUID]:
        return self.promise.owed(journey, key, self.day, self._lives)

    def _lives(self, seat: Seat) -> bool:
        """Whether a member still has the group's key. A group that lost everyone is for its custodians (design 4)."""
        base = seat[1] if seat[0] == "apart" else seat
        groups = self._network().groups
        if base == DESK:
            wanted = {self._network().on_call_group().id}
        elif isinstance(base, tuple) and base[0] == "institution":
            wanted = {base[1]}
        else:
            wanted = {group.id for group in groups.values() if group.kind is GroupKind.SMALL}
        members = self.promise.members(seat)
        return any(
            (group, groups[group].generation) in attacker.halves
            for group in wanted
            for attacker in self.attackers.values()
            if attacker.holder in members
        )

    def _check_views(self, journey: UUID) -> None:
        """What the pages show to each is what they hold keys to."""
        found = self.promise.journeys[journey]
        for login, referent in self.world.referents.items():
            session = self.world.session(login)
            loaded = self._load(session, journey)
            if loaded is None:
                continue
            for key, one in found.written.items():
                shown = loaded.aggregate.entries.get(one.version)
                if one.what != "event" or shown is None:
                    continue
                if isinstance(shown, Entry):
                    assert key in self.attackers[login].read
                if isinstance(shown, SealedEntry):
                    assert one.epoch not in self.at_hand or referent not in self._owed(journey, key)
                    assert shown.compartment is one.compartment

    def _check_auditors(self) -> None:
        """The coordination and its auditor open the ledger, and read no word."""
        bodies = 0
        for login in self.world.referents:
            if login.split(".")[0] in AUDITING:
                attacker = self.attackers[login]
                assert not any(b"mot-" in plaintext for plaintext in attacker.read.values())
                assert {key[1] for key in attacker.read} <= self.elsewhere
                for body in attacker.ledger_bodies():
                    bodies += 1
                    assert b"mot-" not in body
                    assert b"Ambre" not in body
        assert bodies
