"""Acts on the directory pass the door: who may do them, under which article, and what the ledger keeps."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from application.coordination.admissions import admit_institution
from application.coordination.naming import name_on_call
from application.coordination.standing import set_standing
from application.door.network import enter_network
from application.door.refusing import Refused
from application.referent.admitting import admit_referent
from application.referent.restricting import restrict
from application.visitor.signing import sign_charter
from domain.access import Access, AuditEntry
from domain.network import members
from domain.network.members import Institution, Standing
from domain.storing import VersionMoved
from infrastructure.formats.session import OpenSession
from policies.charter import Act
from tests.databases import FreshDatabase
from tests.telling.story import Story
from tests.telling.town import Town, found_town

DirectoryAct = Callable[[Town, OpenSession], Any]


def last_access(town: Town, login: str) -> Access:
    """The newest entry of somebody in the ledger, as the second auditor reads it."""
    directory = town.installation.directory.current()
    entries: list[AuditEntry] = town.services.ledger.audit(town.who("auditeur.un"), directory, 1000)
    return next(entry.access for entry in entries if entry.referent == town.referents[login])


def admits_an_institution(town: Town, session: OpenSession) -> None:
    new = Institution(uuid4(), "nouvelle", "Nouvelle", "support")
    admit_institution(town.services, session, new, town.new_account(new.id, "nora.un"))


def admits_to(institution: str) -> DirectoryAct:
    def admits(town: Town, session: OpenSession) -> None:
        account = town.new_account(town.institutions[institution].id, f"{institution}.neuf")
        admit_referent(town.services, session, account)

    return admits


def names_the_desk(town: Town, session: OpenSession) -> None:
    named = [town.referents["ville.deux"], town.referents["ville.trois"]]
    name_on_call(town.services, session, town.institutions["ville"].id, named)


def sets(standing: Standing, subject: str = "spip.un") -> DirectoryAct:
    def stands(town: Town, session: OpenSession) -> None:
        set_standing(town.services, session, town.referents[subject], standing, "motif")

    return stands


@pytest.mark.parametrize(
    ("login", "act", "recorded", "article"),
    [
        ("coordination.un", admits_an_institution, "admit_institution", "1.1"),
        ("cidff.un", admits_to("cidff"), "admit_referent", "2.2"),
        ("parquet.un", admits_to("parquet"), "admit_referent", "2.2"),
        ("coordination.un", names_the_desk, "name_on_call", "12.1"),
        ("ville.trois", names_the_desk, "name_on_call", "12.1"),
        ("coordination.un", sets(Standing.SUSPENDED), "set_standing", "2.2"),
        ("coordination.un", sets(Standing.LEFT), "set_standing", "2.2"),
        ("coordination.un", sets(Standing.EXCLUDED), "set_standing", "1.2"),
    ],
)
def test_who_may_change_the_directory_is_recorded_under_the_article(
    town: Town, login: str, act: DirectoryAct, recorded: str, article: str
) -> None:
    before = town.installation.directory.current().counter
    act(town, town.who(login))
    access = last_access(town, login)
    assert (access.act, access.allowed, access.articles) == (recorded, True, (article,))
    assert all(policy.startswith(f"{article}-") for policy in access.policies)
    assert access.policies
    assert town.installation.directory.current().counter > before


@pytest.mark.parametrize(
    ("login", "act", "recorded", "article"),
    [
        ("auditeur.un", admits_an_institution, "admit_institution", "1.1"),
        ("cidff.un", admits_an_institution, "admit_institution", "1.1"),
        ("cidff.un", admits_to("police"), "admit_referent", "2.2"),
        ("coordination.un", admits_to("police"), "admit_referent", "2.2"),
        ("auditeur.un", names_the_desk, "name_on_call", "12.1"),
        ("cidff.un", names_the_desk, "name_on_call", "12.1"),
        ("auditeur.un", sets(Standing.SUSPENDED), "set_standing", "2.2"),
        ("cidff.un", sets(Standing.LEFT), "set_standing", "2.2"),
        ("auditeur.un", sets(Standing.EXCLUDED), "set_standing", "1.2"),
        ("cidff.un", sets(Standing.ACTIVE), "set_standing", "1.2"),
    ],
)
def test_who_may_not_change_the_directory_is_refused_and_that_is_recorded(
    town: Town, login: str, act: DirectoryAct, recorded: str, article: str
) -> None:
    session = town.who(login)
    before = town.installation.directory.current().counter
    with pytest.raises(Refused) as refused:
        act(town, session)
    assert refused.value.articles == (article,)
    access = last_access(town, login)
    assert (access.act, access.allowed, access.articles) == (recorded, False, (article,))
    assert town.installation.directory.current().counter == before


def test_the_gateway_names_no_desk_before_it_has_a_key_12_1(
    database: FreshDatabase, tmp_path: Any
) -> None:
    """Given a gateway whose desk has no key, then the coordination alone names it: it makes the first key."""
    town = found_town(database.app, tmp_path)
    town.admit("ville", "municipality", "ville.un", "ville.deux", "ville.trois", gateway=True)
    with pytest.raises(Refused) as refused:
        names_the_desk(town, town.who("ville.un"))
    assert refused.value.articles == ("12.1",)
    names_the_desk(town, town.who("coordination.un"))
    assert town.installation.directory.current().on_call_group()


def test_the_coordination_names_the_first_member_of_an_institution_that_has_none_2_2(
    town: Town,
) -> None:
    session = town.who("coordination.un")
    with pytest.raises(Refused):
        admits_to("spip")(town, session)
    town.set_standing(town.referents["spip.un"], Standing.LEFT)
    admits_to("spip")(town, session)
    assert town.installation.directory.current().referent_of_login("spip.neuf")


def test_a_suspended_coordination_does_not_reinstate_itself_2_2(town: Town) -> None:
    session = town.who("coordination.un")
    town.set_standing(session.referent, Standing.SUSPENDED)
    with pytest.raises(Refused) as refused:
        sets(Standing.ACTIVE, "coordination.un")(town, session)
    assert refused.value.articles == ("2.2",)


def test_who_is_excluded_comes_back_by_an_act_of_the_coordination_1_2(town: Town) -> None:
    town.set_standing(town.referents["spip.un"], Standing.EXCLUDED)
    sets(Standing.ACTIVE)(town, town.who("coordination.un"))
    access = last_access(town, "coordination.un")
    assert (access.act, access.articles) == ("set_standing", ("1.2",))
    assert town.installation.directory.current().holds_keys(town.referents["spip.un"])


def test_the_excluded_do_not_sign_and_that_is_recorded_1_2(town: Town) -> None:
    session = town.who("spip.un")
    town.set_standing(session.referent, Standing.EXCLUDED)
    with pytest.raises(Refused) as refused:
        sign_charter(town.services, session, session.referent)
    assert refused.value.articles == ("1.2",)
    access = last_access(town, "spip.un")
    assert (access.act, access.allowed, access.articles) == ("sign_charter", False, ("1.2",))


def test_a_small_group_is_made_under_the_article_of_the_restriction_11_1(story: Story) -> None:
    town = story.town
    police, shut_out = town.institutions["police"].id, town.referents["police.deux"]
    restrict(story.services, town.who("cidff.un"), story.journey, police, frozenset({shut_out}))
    directory = town.installation.directory.current()
    entries = town.services.ledger.audit(town.log_in("auditeur.un"), directory, 1000)
    (made,) = [one.access for one in entries if one.access.act == "make_small_group"]
    assert made.articles == ("11.1",)
    assert made.subject is None


def test_a_change_decided_on_an_older_directory_is_not_stored(town: Town) -> None:
    """Given a directory that moved since the charter was asked, when the change is stored, then it is not."""
    session = town.log_in("coordination.un")
    entered = enter_network(town.services, session, Act.SUSPEND)
    town.set_standing(town.referents["spip.un"], Standing.SUSPENDED)
    change = entered.change()
    members.set_standing(
        change.network, town.referents["police.un"], Standing.SUSPENDED, "motif", entered.at
    )
    with pytest.raises(VersionMoved):
        entered.record(change)
