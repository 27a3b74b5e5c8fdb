"""Sessions: the table alone opens nothing, a cookie opens its own row, for as long as it lasts (attack case 23)."""

from dataclasses import fields, replace
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.referent import closing, listing
from domain.access import Access
from domain.network.members import Standing
from infrastructure.entrance.session_store import SessionStore
from infrastructure.formats.envelope import Tampered, derive, new_key, seal, unseal
from infrastructure.formats.session import (
    ABSOLUTE,
    IDLE,
    OpenSession,
    _epochs_context,
    finder,
    new_secret,
    open_epochs,
    open_session,
    seal_epochs,
    seal_session,
    secret_of,
)
from tests.databases import FreshDatabase
from tests.telling.journeys import act_as, open_journey
from tests.telling.town import Town


@pytest.fixture
def session(town: Town) -> OpenSession:
    found = town.log_in("coordination.un")
    found.purposes[uuid4()] = "ongoing_work"
    return found


def test_a_row_gives_the_session_back_to_its_secret(session: OpenSession) -> None:
    found = open_session(session.secret, seal_session(session))
    for one in fields(OpenSession):
        kept, given_back = getattr(session, one.name), getattr(found, one.name)
        if one.name in {"epochs", "kept", "checked", "_halves"}:
            assert not given_back
        elif one.name == "bundle":
            assert given_back.to_bytes() == kept.to_bytes()
        elif one.name == "signing":
            assert given_back.private_bytes_raw() == kept.private_bytes_raw()
        else:
            assert given_back == kept, one.name


def test_a_row_without_the_cookie_opens_nothing(session: OpenSession) -> None:
    sealed, (epochs,) = seal_session(session), seal_epochs(session, [uuid4()])
    found_by = finder(session.secret)
    keys = (found_by, bytes(32), new_key(), derive(found_by, b"relais/v1/session-seal"))
    for secret in keys:
        with pytest.raises(Tampered):
            open_session(secret, sealed)
        with pytest.raises(Tampered):
            list(open_epochs(secret, [(uuid4(), epochs)]))
        with pytest.raises(Tampered):
            unseal(secret, sealed, b"")
    for one in (session.referent, session.institution, session.network):
        assert one.bytes not in sealed
        assert str(one).encode() not in sealed


def test_the_rows_of_the_table_name_nobody(database: FreshDatabase, town: Town) -> None:
    session = town.log_in("coordination.un")
    with database.superuser.connection() as connection:
        rows = connection.execute("SELECT s::text FROM relais.session AS s").fetchall()
    assert rows
    for (row,) in rows:
        assert str(session.referent) not in row
        assert session.secret.hex() not in row
        assert session.bundle.space.hex() not in row


def test_epochs_are_found_in_their_own_place_only(session: OpenSession) -> None:
    journey = uuid4()
    (sealed,) = seal_epochs(session, [journey])
    assert list(open_epochs(session.secret, [(journey, sealed)])) == [(journey, {})]
    with pytest.raises(Tampered):
        list(open_epochs(session.secret, [(uuid4(), sealed)]))
    key = derive(session.secret, b"relais/v1/session-seal")
    cut = seal(key, bytes(80), _epochs_context(journey))
    with pytest.raises(Tampered):
        list(open_epochs(session.secret, [(journey, cut)]))


def test_a_cookie_is_its_secret_and_nothing_else() -> None:
    cookie = new_secret()
    secret = secret_of(cookie)
    assert secret is not None
    assert len(secret) == 32
    assert new_secret() != cookie


@pytest.mark.parametrize(
    "cookie", ["", "a", "é" * 43, "A" * 42, "A" * 44, "A" * 42 + "B", "=" * 43]
)
def test_what_is_no_cookie_of_ours_is_none(cookie: str) -> None:
    assert secret_of(cookie) is None


@given(st.text(max_size=60))
def test_any_text_is_a_cookie_of_ours_or_none(cookie: str) -> None:
    secret = secret_of(cookie)
    assert secret is None or len(secret) == 32


def test_a_session_ends_when_nobody_asks_or_when_its_time_is_over(
    database: FreshDatabase, town: Town
) -> None:
    store = SessionStore(database.app, town.services.network)
    begun = town.clock()
    session = town.log_in("coordination.un")
    at = begun
    while at < begun + ABSOLUTE - IDLE:
        at += IDLE - timedelta(minutes=1)
        assert store.find(session.secret, at) is not None
    assert store.find(session.secret, at + IDLE + timedelta(seconds=1)) is None


def test_a_session_that_is_used_all_day_ends_all_the_same(
    database: FreshDatabase, town: Town
) -> None:
    store = SessionStore(database.app, town.services.network)
    session = town.log_in("coordination.un")
    at, times = session.begun_at, 0
    while store.find(session.secret, at) is not None:
        at += IDLE - timedelta(minutes=1)
        times += 1
    assert times == ABSOLUTE // (IDLE - timedelta(minutes=1)) + 1


def test_what_a_request_signs_at_the_last_moment_is_still_certified(town: Town) -> None:
    """A request that began in time ends a little later; one entry that no certificate covers would spoil the audit."""
    session = town.log_in("coordination.un")
    assert session.certificate.not_after >= session.begun_at + ABSOLUTE + timedelta(minutes=5)
    town.clock.now = session.begun_at + ABSOLUTE + timedelta(seconds=5)
    town.services.ledger.note(session, Access("audit", town.clock()))
    auditor = town.log_in("auditeur.un")
    network = town.installation.directory.current()
    entries = town.services.ledger.audit(auditor, network, 100)
    assert session.referent in {entry.referent for entry in entries if entry.access.act == "audit"}


def test_ended_sessions_are_swept_and_others_stay(database: FreshDatabase, town: Town) -> None:
    store = SessionStore(database.app, town.services.network)
    with database.superuser.connection() as connection:
        connection.execute("DELETE FROM relais.session")
    older = town.log_in("coordination.un")
    town.clock.forward(minutes=16)
    newer = town.log_in("auditeur.un")
    store.sweep(town.clock())
    with database.superuser.connection() as connection:
        left = connection.execute("SELECT finder FROM relais.session").fetchall()
    assert [row[0] for row in left] == [finder(newer.secret)]
    assert finder(older.secret) not in {row[0] for row in left}


def test_logging_out_leaves_nothing(database: FreshDatabase, town: Town) -> None:
    session = town.log_in("cidff.un")
    journey = open_journey(town, session)
    store = SessionStore(database.app, town.services.network)
    again = store.find(session.secret, town.clock())
    assert again is not None
    found = again[0]
    town.services.entrance.read_epochs(found, journey)
    assert found.known_epochs(journey).keys() == session.known_epochs(journey).keys() != set()
    town.services.entrance.end(session)
    assert store.find(session.secret, town.clock()) is None
    with database.superuser.connection() as connection:
        rows = connection.execute(
            "SELECT count(*) FROM relais.session_keys WHERE finder = %b", (finder(session.secret),)
        ).fetchone()
    assert rows == (0,)
    town.services.entrance.save_epochs(replace(session, kept={}), [journey])
    with database.superuser.connection() as connection:
        rows = connection.execute(
            "SELECT count(*) FROM relais.session_keys WHERE finder = %b", (finder(session.secret),)
        ).fetchone()
    assert rows == (0,)


def test_a_session_that_began_before_opens_what_was_renewed_since(town: Town) -> None:
    entrance = town.services.entrance
    session = town.log_in("cidff.un")
    cookie = entrance.keep(session, town.clock())
    town.set_standing(town.referents["cidff.deux"], Standing.LEFT)
    town.log_in("cidff.un")
    own = town.institutions["cidff"].id
    assert (own, 2) not in session.groups
    found = entrance.find(cookie, town.clock())
    assert found is not None
    assert (own, 2) in found[0].groups
    assert entrance.find(new_secret(), town.clock()) is None
    assert entrance.find("no cookie", town.clock()) is None


def test_who_was_on_call_still_sees_their_list(town: Town) -> None:
    """They have the desk's older key, and a list must not choose a grant of the newer one."""
    for _ in range(6):
        open_journey(town, town.log_in("ville.un"))
    town.name_on_call("ville.deux", "ville.trois")
    town.log_in("ville.deux")
    before = town.log_in("ville.un")
    for row in act_as(town, town.log_in("ville.deux"), listing.my_journeys):
        act_as(town, "ville.deux", closing.close, row.journey, "protected")
    assert len(act_as(town, before, listing.my_journeys)) == 6


def test_nothing_of_a_session_shows_itself(session: OpenSession) -> None:
    shown = repr(session)
    for secret in (session.secret, session.ledger_key, session.bundle.space):
        assert repr(secret) not in shown
        assert secret.hex() not in shown
