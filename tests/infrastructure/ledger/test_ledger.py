"""What the coordination reads of the ledger, and what stands for an entry that is not what it should be."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from application.coordination import auditing as coordination
from application.door.journey import signing_keys
from application.referent import listing
from domain.access import Access, AuditEntry
from infrastructure.directory.accounts import insert_ledger_keys
from infrastructure.directory.auditors import seal_to_auditors
from infrastructure.formats.keys import public_bytes
from infrastructure.formats.ledger.entry import LedgerAuthor, write_entry
from infrastructure.formats.session import OpenSession
from infrastructure.formats.session_certificate import SessionCertificate, certify
from infrastructure.ledger.ledger import UNREADABLE
from infrastructure.ledger.sequencer import Sequencer, Sequencing
from infrastructure.store.recorder import Recorder, Recording
from tests.databases import FreshDatabase
from tests.infrastructure.ledger.built_ledger import INTERVAL, ORIGIN, with_election
from tests.telling.journeys import act_as, open_journey, read_journey, share
from tests.telling.town import Town


@pytest.fixture
def town(town: Town) -> Town:
    """A town whose coordination has logged in, so that reading the ledger adds nothing to it."""
    town.log_in("coordination.un")
    return town


def read(town: Town, limit: int) -> list[AuditEntry]:
    """The newest entries, as the coordination reads them."""
    directory = town.installation.directory.current()
    return list(town.services.ledger.audit(town.who("coordination.un"), directory, limit))


def consult(at: datetime) -> Access:
    return Access(
        act="consult",
        at=at,
        subject=uuid4(),
        compartments=("health",),
        purpose="ongoing_work",
        ground="care_team",
        articles=("2.1", "5.2"),
        policies=("2.1-partner",),
        allowed=False,
        details={"journey_version": "12"},
    )


def certificate(
    session: OpenSession, key: Ed25519PrivateKey, network: UUID | None = None
) -> SessionCertificate:
    """The session's certificate anew, signed with a key."""
    old = session.certificate
    return certify(
        network=network or old.network,
        referent=old.referent,
        session_public_key=old.session_public_key,
        not_before=old.not_before,
        not_after=old.not_after,
        key=key,
    )


def test_an_act_is_read_as_it_was_noted_the_newest_first(town: Town) -> None:
    session, people = town.who("cidff.un"), town.referents
    acts = [consult(town.clock()) for _ in range(3)]
    for act in acts:
        town.services.ledger.note(session, act)
    cidff = town.institutions["cidff"].id
    assert read(town, 2) == [
        AuditEntry(None, act, people["cidff.un"], cidff) for act in (acts[2], acts[1])
    ]


def test_an_entry_is_numbered_by_its_place_in_the_ledger(town: Town) -> None:
    # given a ledger whose entries have their place
    connections, key = town.connections, town.house.signing_key
    session, _ = town.who("cidff.un"), town.who("coordination.un")
    sequencer = Sequencer(connections, town.services.network, ORIGIN, key, INTERVAL)
    with_election(sequencer, town.clock, lambda one: while_any(one, town))
    # when one more is written, then it has none yet, and the one before it has the last
    town.services.ledger.note(session, consult(town.clock()))
    newest, before = read(town, 2)
    with connections.connection() as connection:
        row = connection.execute("SELECT max(position) FROM relais.ledger_leaf").fetchone()
    assert row is not None
    assert (newest.number, before.number) == (None, row[0])


def while_any(sequencing: Sequencing, town: Town) -> None:
    while sequencing.round(town.clock(), may_sign=False).sequenced:
        pass


def test_an_entry_whose_certificate_is_not_its_sessions_is_not_believed(town: Town) -> None:
    """Whoever stole a session can sign and seal entries with it: whose they are, the referent's own key says."""
    session, colleague = town.log_in("cidff.un"), town.log_in("police.un")
    own = session.certificate
    at = town.clock()
    fresh = Ed25519PrivateKey.generate()
    forged = [
        # another session of the same referent
        (town.log_in("cidff.un").certificate, session.referent, at),
        # somebody else's word on this session
        (certificate(session, fresh), session.referent, at),
        # somebody else's session
        (colleague.certificate, colleague.referent, at),
        # a network and a referent that this is not
        (certificate(session, session.bundle.signing, uuid4()), session.referent, at),
        (replace(own, referent=(nobody := uuid4())), nobody, at),
        # outside its time
        (own, session.referent, own.not_before - timedelta(microseconds=1)),
        (own, session.referent, own.not_after),
    ]
    for named, referent_named, moment in forged:
        pretending = replace(session, certificate=named, referent=referent_named)
        town.services.ledger.note(pretending, Access("list_journeys", moment))
    # the first and the last moment of its time are its own
    for moment in (own.not_before, at, own.not_after - timedelta(microseconds=1)):
        town.services.ledger.note(session, Access("search", moment))
    found = read(town, len(forged) + 3)
    assert [one.access.act for one in found] == ["search"] * 3 + [UNREADABLE] * len(forged)
    # what is not believed names nobody, and stands at its neighbour's time
    nothing = AuditEntry(None, Access(UNREADABLE, own.not_before, allowed=False), None, None)
    assert found[3:] == [nothing] * len(forged)


def test_what_claims_to_be_the_house_s_and_is_not_is_not_believed(
    database: FreshDatabase, town: Town
) -> None:
    session, network = town.log_in("cidff.un"), town.services.network
    house = town.house.signing_key
    authors = [
        # the house's name, and somebody's own session
        (LedgerAuthor.of_house(network, session.signing, session.ledger_key), "erase"),
        # the house's key, and an act that the house never does
        (LedgerAuthor.of_house(network, house, session.ledger_key), "consult"),
    ]
    directory = town.installation.directory.current()
    given = seal_to_auditors(directory, public_bytes(house), session.ledger_key)
    with database.superuser.connection() as connection, connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute(
            "DELETE FROM relais.ledger_key WHERE session_key = %b", (public_bytes(house),)
        )
        insert_ledger_keys(connection, network, given)
    recorder = Recorder(town.connections, network)
    town.who("coordination.un")
    for author, act in authors:
        row = write_entry(author, Access(act, town.clock()), (), None)
        recorder.insert(Recording(network=network, originator=uuid4(), ledger=row))
    assert [line.access.act for line in read(town, 2)] == [UNREADABLE] * 2


def test_a_session_whose_key_nobody_was_given_hides_no_other(town: Town) -> None:
    session, _ = town.who("cidff.un"), town.who("coordination.un")
    noted = consult(town.clock())
    town.services.ledger.note(session, noted)
    directory, login = town.installation.directory.current(), "police.un"
    secret = town.installation.entrance.unlocked(
        directory, town.referents[login], town.bundles[login], town.clock()
    )
    town.services.ledger.note(secret, consult(town.clock()))
    assert [line.access for line in read(town, 2)] == [noted]


def test_an_altered_ledger_key_hides_its_own_session_s_entries_alone(
    database: FreshDatabase, town: Town
) -> None:
    session, other = town.who("cidff.un"), town.who("police.un")
    town.who("coordination.un")
    town.services.ledger.note(session, consult(town.clock()))
    noted = consult(town.clock())
    town.services.ledger.note(other, noted)
    with database.superuser.connection() as connection, connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute(
            "UPDATE relais.ledger_key SET envelope ="
            " set_byte(envelope, 40, 255 - get_byte(envelope, 40)) WHERE session_key = %b",
            (session.public_key,),
        )
    newest, before = read(town, 2)
    assert newest.access == noted
    assert (before.access.act, before.referent) == (UNREADABLE, None)


def test_an_unreadable_entry_keeps_its_number_and_the_newest_stands_at_this_moment(
    database: FreshDatabase, town: Town
) -> None:
    session, _ = town.who("cidff.un"), town.who("coordination.un")
    town.services.ledger.note(session, consult(town.clock()))
    sequencer = Sequencer(
        town.connections, town.services.network, ORIGIN, town.house.signing_key, INTERVAL
    )
    with_election(sequencer, town.clock, lambda one: while_any(one, town))
    number = read(town, 1)[0].number
    with database.superuser.connection() as connection, connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute(
            "UPDATE relais.ledger_body SET body = set_byte(body, 40, 255 - get_byte(body, 40))"
            " WHERE entry = (SELECT max(entry) FROM relais.ledger_body)"
        )
    before = datetime.now(UTC)
    (newest,) = read(town, 1)
    assert number is not None
    assert (newest.access.act, newest.number) == (UNREADABLE, number)
    assert before <= newest.access.at <= datetime.now(UTC)


def test_partners_see_who_consulted_their_journey_and_no_other(town: Town) -> None:
    """The newest first; and only what was written under a frame that the session holds."""
    journey, other = open_journey(town), open_journey(town)
    share(town, journey, "police")
    for login, consulted in (("cidff.un", journey), ("police.un", journey), ("cidff.un", other)):
        read_journey(town, town.log_in(login), consulted)
    book, directory = town.services.ledger, town.installation.directory
    loaded = town.services.journeys.load(
        town.log_in("cidff.un"),
        journey,
        lambda counter: signing_keys(directory.at_least(counter)),
    )
    newest, before = book.traces(loaded, 2)
    assert [(one.referent, one.act, one.purpose, one.allowed) for one in (newest, before)] == [
        (town.referents[login], "consult", "ongoing_work", True)
        for login in ("police.un", "cidff.un")
    ]
    assert newest.at > before.at
    assert newest.institution == town.institutions["police"].id
    everything = book.traces(loaded, 1000)
    assert everything[:2] == [newest, before]
    assert {one.act for one in everything} >= {"open_journey", "invite", "join", "consult"}
    # and without the frame's key nothing is there to be opened
    loaded.keys.clear()
    assert book.traces(loaded, 1000) == []


def test_one_altered_trace_hides_no_other(database: FreshDatabase, town: Town) -> None:
    journey = open_journey(town)
    share(town, journey, "police")
    read_journey(town, town.log_in("police.un"), journey)
    book, directory = town.services.ledger, town.installation.directory
    loaded = town.services.journeys.load(
        town.log_in("cidff.un"),
        journey,
        lambda counter: signing_keys(directory.at_least(counter)),
    )
    consulted, *before = book.traces(loaded, 1000)
    assert consulted.act == "consult"
    with database.superuser.connection() as connection, connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute(
            "UPDATE relais.ledger_body SET trace = set_byte(trace, 40, 255 - get_byte(trace, 40))"
            " WHERE entry = (SELECT max(entry) FROM relais.ledger_body WHERE subject = %b)",
            (journey,),
        )
    assert book.traces(loaded, 1000) == before


def test_who_lacks_a_generation_of_the_auditing_group_reads_nothing(town: Town) -> None:
    town.services.ledger.note(town.who("cidff.un"), consult(town.clock()))
    auditing = town.who("coordination.un")
    auditing.groups = {(holder, 99): raw for (holder, _), raw in auditing.groups.items()}
    assert read(town, 5) == []


def test_one_altered_row_hides_nothing_else(database: FreshDatabase, town: Town) -> None:
    """Given two journeys, when a card and a ledger body are altered, then all that is not altered shows."""
    first, second = open_journey(town), open_journey(town)
    everything = coordination.AuditFilter()
    before = act_as(town, "coordination.un", coordination.audit, everything)

    with database.superuser.connection() as connection, connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute(
            "UPDATE relais.card SET envelope = set_byte(envelope, 40, 255 - get_byte(envelope, 40))"
            " WHERE originator = %b",
            (first,),
        )
        connection.execute(
            "UPDATE relais.ledger_body SET body = set_byte(body, 40, 255 - get_byte(body, 40))"
            " WHERE subject = %b",
            (first,),
        )

    assert [row.journey for row in act_as(town, "cidff.un", listing.my_journeys)] == [second]
    after = act_as(town, "coordination.un", coordination.audit, everything)
    assert len(after) == len(before) + 2
    assert [one.entry.access.act for one in after].count(UNREADABLE) == 1


def test_bodies_that_changed_places_are_not_believed(database: FreshDatabase, town: Town) -> None:
    """Given two consults of one journey by one session, when their bodies change places, then neither is believed."""
    journey = open_journey(town)
    for purpose in ("ongoing_work", "urgent_situation"):
        read_journey(town, "cidff.un", journey, purpose)
    with database.superuser.connection() as connection, connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute(
            "WITH two AS (SELECT entry, body, row_number() OVER (ORDER BY entry DESC) AS place"
            " FROM relais.ledger_body WHERE subject = %b ORDER BY entry DESC LIMIT 2)"
            " UPDATE relais.ledger_body AS b SET body = other.body FROM two, two AS other"
            " WHERE b.entry = two.entry AND other.place <> two.place",
            (journey,),
        )
    listed = act_as(town, "coordination.un", coordination.audit, coordination.AuditFilter())
    assert [card.entry.access.act for card in listed].count(UNREADABLE) == 2
