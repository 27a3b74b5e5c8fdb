"""Rules of people: they log in, join, leave, are suspended, are named on call."""

from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import rule

from application.coordination.naming import name_on_call
from application.coordination.standing import set_standing
from application.door.refusing import Refused
from application.referent.admitting import admit_referent
from application.visitor.signing import sign_charter
from domain.network.members import Standing
from domain.refusals import Refusal
from infrastructure.directory.new_account import make_account
from tests.sealing.draws import PARTNERS, some
from tests.sealing.life import Life
from tests.telling.town import CHEAP


class PeopleComeAndGo(Life):
    """Rules of people."""

    @rule(who=some)
    def log_in(self, who: int) -> None:
        session = self.world.begin_session(self._login(who))
        self._keeps(self._login(who), session)
        self._settle({})

    @rule(institution=st.sampled_from(PARTNERS), by=some)
    def somebody_joins(self, institution: str, by: int) -> None:
        colleagues = [
            referent for referent in self.world.referents if referent.startswith(institution + ".")
        ]
        admitting = colleagues[by % len(colleagues)]
        session = self.world.session(admitting)
        if len(colleagues) > 4 or not self.promise.present(self.world.referents[admitting]):
            return
        assert session is not None
        login = f"{institution}.n{len(colleagues)}"
        own = self.world.institutions[institution].id
        services = self.world.services
        account = make_account(services.network, own, login, login, CHEAP)
        try:
            admit_referent(services, session, account)
        except (Refusal, Refused):
            return
        self.world.referents[login] = account.referent.id
        self.world.bundles[login] = account.bundle
        self._meet(login, account.referent.id, own)
        arrived = self.world.begin_session(login)
        assert arrived is not None
        sign_charter(services, arrived, account.referent.id)
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
        agents = [referent for referent in self.world.referents if referent.startswith("ville.")]
        chosen = {self.world.referents[agents[one % len(agents)]] for one in named}
        session = self._coordination()
        gateway = self.world.institutions["ville"].id
        try:
            name_on_call(self.world.services, session, gateway, chosen)
        except Refusal:
            return
        self.promise.on_call = frozenset(chosen)
        self._settle({})

    def _set_standing(self, subject: UUID, standing: Standing) -> None:
        try:
            set_standing(self.world.services, self._coordination(), subject, standing, "motif")
        except Refusal:
            return
        self.standing[subject] = standing
        if standing in (Standing.LEFT, Standing.EXCLUDED):
            self.promise.ends(subject)
        else:
            self.promise.comes_back(subject)
        self._settle({})
