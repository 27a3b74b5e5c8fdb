"""Erasure: what opened a journey is gone, for everybody and for good, and the ledger says so (attack case 39)."""

# ruff: noqa: S608 (a superuser's statements are put together here, out of names of our own)

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier
from uuid import UUID, uuid4

import psycopg
import pytest

from application.door.journey import enter
from application.door.refusing import Refused
from application.referent import (
    composing,
    listing,
    summaries,
)
from domain.access import Access
from domain.compartments import Compartment
from domain.journey import entries
from domain.network.members import Standing
from domain.storing import StoreUnavailable, VersionMoved
from infrastructure.forgetting import erasure as erasing_module
from infrastructure.forgetting.erasure import Erasure, Unknown
from infrastructure.formats.ledger import row_digests
from infrastructure.formats.ledger.entry import LedgerAuthor, write_entry
from infrastructure.house.folder import HouseFolder
from infrastructure.ledger.verification.report import MismatchKind, Report
from infrastructure.ledger.verification.verify import verify
from policies.charter import Act
from relais.composition import erasing
from tests.databases import FreshDatabase
from tests.telling.journeys import act_as, append_action, open_journey, read_journey, share
from tests.telling.town import Town, action

ORIGIN = "relais.example/essai"
PARTNERS = ("cidff.un", "ville.un", "police.un")


@dataclass
class Lived:
    """A town with two journeys shared with two partners, and what erases in it."""

    town: Town
    database: FreshDatabase
    folder: HouseFolder
    erasure: Erasure
    erased: UUID
    stays: UUID

    def erase(self) -> bool:
        return self.erasure.erase(self.erased, self.town.clock())

    def verified(self) -> Report:
        network = self.town.services.network
        return verify(self.database.app, network, ORIGIN, self.town.house.public_key)

    def count(self, table: str, originator: UUID, column: str = "originator") -> int:
        with self.database.superuser.connection() as connection:
            row = connection.execute(
                f"SELECT count(*) FROM relais.{table} WHERE {column} = %b".encode(), (originator,)
            ).fetchone()
        assert row is not None
        return int(row[0])


@pytest.fixture
def lived(database: FreshDatabase, tmp_path: Path, town: Town) -> Lived:
    folder = HouseFolder(tmp_path / "house")
    made = erasing(database.app, database.retention, town.services.network, folder)
    journeys = [_shared(town, number) for number in range(2)]
    return Lived(town, database, folder, made, *journeys)


def _shared(town: Town, number: int) -> UUID:
    journey = open_journey(town, level="high", danger=f"menaces {number}")
    for institution in ("ville", "police"):
        share(town, journey, institution)
        append_action(town, f"{institution}.un", journey)
    return journey


# -- after it -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("login", PARTNERS)
def test_it_answers_as_one_that_never_existed(lived: Lived, login: str) -> None:
    # Given a partner that had read the journey in a session that goes on.
    read_journey(lived.town, login, lived.erased)
    assert lived.erase()
    # Then the answer is that for an unknown one, in this session and in a fresh one.
    for _ in range(2):
        for journey in (lived.erased, uuid4()):
            with pytest.raises(Refused) as refused:
                read_journey(lived.town, login, journey)
            assert refused.value.is_constant
        lived.town.log_in(login)
    # And the other journey reads on, and takes entries.
    read_journey(lived.town, login, lived.stays)
    append_action(lived.town, login, lived.stays)


@pytest.mark.parametrize("login", PARTNERS)
def test_no_list_shows_it(lived: Lived, login: str) -> None:
    listed = {row.journey for row in act_as(lived.town, login, listing.my_journeys)}
    assert listed == {lived.erased, lived.stays}
    lived.erase()
    session = lived.town.who(login)
    assert {row.journey for row in listing.my_journeys(lived.town.services, session)} == {
        lived.stays
    }


def test_what_opened_it_is_gone_and_what_was_recorded_stays(lived: Lived) -> None:
    session = lived.town.who("police.un")
    lived.town.installation.entrance.save_epochs(session, [lived.erased])
    before = {table: lived.count(table, lived.erased) for table in ("event", "grant_set")}
    entries = lived.count("ledger_body", lived.erased, "subject")
    assert lived.count("session_keys", lived.erased) > 0
    lived.erase()
    for table in ("epoch_grant", "card", "shred_secret", "session_keys"):
        assert lived.count(table, lived.erased) == 0, table
        assert lived.count(table, lived.stays) > 0 or table == "session_keys", table
    assert {table: lived.count(table, lived.erased) for table in before} == before
    assert lived.count("ledger_body", lived.erased, "subject") == entries + 1


def test_a_summary_of_it_breaks_no_page(lived: Lived) -> None:
    services, session = lived.town.services, lived.town.who("cidff.un")
    read_journey(lived.town, "cidff.un", lived.stays)
    entered = read_journey(lived.town, "cidff.un", lived.erased)
    versions = [candidate.entry.version for candidate in composing.candidates(entered, None)][:1]
    recipient = lived.town.institutions["siege"].id
    summary = composing.compose(services, session, lived.erased, recipient, None, versions)
    lived.erase()
    assert summaries.my_summaries(services, session) == []
    with pytest.raises(Refused) as refused:
        summaries.read_summary(services, session, summary)
    assert refused.value.is_constant


# -- the ledger ---------------------------------------------------------------------------------------


def test_the_ledger_verifies_before_and_after(lived: Lived) -> None:
    assert lived.verified().sound
    lived.erase()
    assert lived.verified().sound
    append_action(lived.town, "ville.un", lived.stays)
    assert lived.verified().sound


def test_the_coordination_reads_that_the_house_erased_it(lived: Lived) -> None:
    for journey in (lived.erased, lived.stays):
        lived.erasure.erase(journey, lived.town.clock())
    services, session = lived.town.services, lived.town.log_in("coordination.un")
    told = services.ledger.audit(session, services.directory.current(), 1000)
    found = [one.access.subject for one in told if one.access.act == "erase"]
    assert found == [lived.stays, lived.erased]
    assert not [one for one in told if one.access.act == "unreadable"]


def test_who_audits_since_later_reads_it_too(lived: Lived) -> None:
    # Given a coordination with a new generation of its key, since a referent left.
    town = lived.town
    town.join("coordination", "coordination.deux", by="coordination.un")
    town.sign("coordination.deux", town.referents["coordination.deux"])
    lived.erase()
    services, session = town.services, town.log_in("coordination.deux")
    told = services.ledger.audit(session, services.directory.current(), 1000)
    assert lived.erased in [one.access.subject for one in told if one.access.act == "erase"]


def test_many_grants_are_named_in_several_entries(
    lived: Lived, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasing_module, "MAXIMUM_ROWS", 10)
    entries = lived.count("ledger_body", lived.erased, "subject")
    lived.erase()
    assert lived.count("ledger_body", lived.erased, "subject") > entries + 3
    assert lived.verified().sound


TAKEN = {
    "a grant of another journey": "DELETE FROM relais.epoch_grant WHERE ctid ="
    " (SELECT min(ctid) FROM relais.epoch_grant WHERE originator = %b)",
    "a grant set of the erased one": "DELETE FROM relais.grant_set WHERE ctid ="
    " (SELECT min(ctid) FROM relais.grant_set WHERE originator = %b)",
    "an event of the erased one": "DELETE FROM relais.event WHERE originator = %b AND version = 2",
    "the mark of the erasure": "DELETE FROM relais.erased WHERE originator = %b",
}


@pytest.mark.parametrize("name", TAKEN)
def test_what_is_missing_without_an_entry_is_named(lived: Lived, name: str) -> None:
    lived.erase()
    of = lived.stays if "another" in name else lived.erased
    with lived.database.superuser.connection() as connection, connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        assert connection.execute(TAKEN[name].encode(), (of,)).rowcount == 1
    kinds = {mismatch.kind for mismatch in lived.verified().mismatches}
    assert kinds & {MismatchKind.ROW_MISSING, MismatchKind.VERSION_MISSING}


@pytest.mark.parametrize("by", ["nobody", "a session of one's own"])
def test_an_erasure_that_the_house_did_not_sign_is_named(lived: Lived, by: str) -> None:
    # Given a superuser who erases by hand, and writes the entry that would excuse it with a session's key.
    network = lived.town.services.network
    gone = row_digests.shred_secret(network, lived.stays, destroyed=True)
    session = lived.town.who("cidff.un")
    access = Access("erase", lived.town.clock(), subject=lived.stays)
    row = write_entry(LedgerAuthor.of(session), access, [gone], None)
    with lived.database.superuser.connection() as connection, connection.transaction():
        for table in ("shred_secret", "card", "epoch_grant"):
            connection.execute(
                f"DELETE FROM relais.{table} WHERE originator = %b".encode(), (lived.stays,)
            )
        connection.execute("INSERT INTO relais.erased VALUES (%b, %b)", (network, lived.stays))
        if by != "nobody":
            entry = connection.execute(
                "INSERT INTO relais.ledger_entry (network, header) VALUES (%b, %b) RETURNING id",
                (network, row.header),
            ).fetchone()
            assert entry is not None
            connection.execute(
                "INSERT INTO relais.ledger_body (entry, network, subject, session_key, body)"
                " VALUES (%b, %b, %b, %b, %b)",
                (entry[0], network, row.subject, row.session_key, row.body),
            )
    report = lived.verified()
    kinds = {mismatch.kind for mismatch in report.mismatches}
    assert (MismatchKind.ERASURE_REFUSED in kinds) == (by != "nobody")
    missing = [
        mismatch.where
        for mismatch in report.mismatches
        if mismatch.kind is MismatchKind.ROW_MISSING
    ]
    for table in ("shred_secret", "card", "epoch_grant"):
        assert [where for where in missing if where.startswith(f"relais.{table} ")], table


# -- twice, and at once -------------------------------------------------------------------------------


def test_twice_is_once(lived: Lived) -> None:
    assert lived.erase()
    entries = lived.count("ledger_body", lived.erased, "subject")
    assert not lived.erase()
    assert lived.count("ledger_body", lived.erased, "subject") == entries
    assert lived.folder.erased() == [(lived.town.services.network, lived.erased)]


@pytest.mark.parametrize("of", ["nothing", "the network"])
def test_what_is_not_kept_is_not_erased(lived: Lived, of: str) -> None:
    one = uuid4() if of == "nothing" else lived.town.services.network
    with pytest.raises(Unknown):
        lived.erasure.erase(one, lived.town.clock())
    assert lived.folder.erased() == []


@pytest.mark.parametrize("act", ["append", "consult that passes keys on"])
def test_what_was_decided_before_is_refused_after(lived: Lived, act: str) -> None:
    # Given an act that was decided before the erasure, and not stored yet.
    town, session = lived.town, lived.town.who("cidff.un")
    if act == "append":
        entered = enter(
            town.services, session, lived.erased, Act.APPEND, compartment=Compartment.FOLLOW_UP
        )
        content = action("entretien", town.clock().date())
        entries.append(
            entered.journey,
            entered.author,
            Compartment.FOLLOW_UP,
            content,
            "person_consent",
            entered.at,
        )
    else:
        _give_a_new_generation(town)
        entered = enter(town.services, session, lived.erased, Act.CONSULT, purpose="ongoing_work")
    lived.erase()
    # Then it is refused as where somebody else was first, and its next try as for an unknown journey.
    with pytest.raises(VersionMoved):
        entered.record()
    for table in ("epoch_grant", "card", "shred_secret"):
        assert lived.count(table, lived.erased) == 0
    assert lived.verified().sound
    with pytest.raises(Refused) as refused:
        append_action(town, "cidff.un", lived.erased)
    assert refused.value.is_constant


def _give_a_new_generation(town: Town) -> None:
    """Somebody of the police leaves: whoever reads next passes keys on."""
    town.set_standing(town.referents["police.deux"], Standing.LEFT)
    town.log_in("police.un")


def test_appends_and_an_erasure_at_once_leave_it_erased_and_whole(lived: Lived) -> None:
    # Given three partners that append as fast as they can while the journey is erased.
    town = lived.town
    for login in PARTNERS:
        town.who(login)
    begun = Barrier(len(PARTNERS) + 1, timeout=60)

    def append_until_refused(login: str) -> bool:
        begun.wait()
        while True:
            try:
                append_action(town, login, lived.erased)
            except StoreUnavailable:
                # It moved too often under the others: the page says to try again.
                continue
            except Refused as refused:
                return refused.is_constant

    with ThreadPoolExecutor(len(PARTNERS)) as pool:
        told = [pool.submit(append_until_refused, login) for login in PARTNERS]
        begun.wait()
        assert lived.erase()
        assert all(one.result() for one in told)
    for table in ("epoch_grant", "card", "shred_secret"):
        assert lived.count(table, lived.erased) == 0
    assert lived.verified().sound


# -- by whom ------------------------------------------------------------------------------------------


def test_a_role_of_the_pages_erases_nothing(lived: Lived) -> None:
    for statement in (
        "DELETE FROM relais.shred_secret",
        "UPDATE relais.shred_secret SET envelope = ''::bytea",
        "DELETE FROM relais.epoch_grant",
        "INSERT INTO relais.erased SELECT network, originator FROM relais.shred_secret",
        "DELETE FROM relais.house_key",
        "SELECT relais.erase(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)",
        "SELECT relais.wrap_anew(NULL, NULL, NULL, NULL, NULL)",
    ):
        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege),
            lived.database.app.connection() as connection,
        ):
            connection.execute(statement)


def test_a_past_of_the_erasure_stays(lived: Lived) -> None:
    lived.erase()
    for statement in ("DELETE FROM relais.erased", "TRUNCATE relais.erased"):
        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege),
            lived.database.superuser.connection() as connection,
        ):
            connection.execute(statement)
