"""Nobody but our account reaches the embedded PostgreSQL."""

import re
import subprocess
from pathlib import Path

import psycopg
import pytest

from infrastructure.postgres.embedded.cluster import Embedded
from infrastructure.postgres.embedded.configuration import ROLES, SUPERUSER
from tests.infrastructure.postgres.server import ask, is_root

NOBODY = "nobody"


def test_no_network_port_is_open(server: Embedded) -> None:
    assert ask(server, b"SHOW listen_addresses") == [("",)]
    sockets = {
        match[1]
        for opened in Path(f"/proc/{server.process}/fd").iterdir()
        if (match := re.fullmatch(r"socket:\[(\d+)\]", str(opened.readlink())))
    }
    assert sockets
    for family in ("tcp", "tcp6", "udp", "udp6"):
        lines = Path(f"/proc/net/{family}").read_text().splitlines()[1:]
        assert not sockets & {line.split()[9] for line in lines}


def test_only_our_account_has_a_name_there(server: Embedded) -> None:
    ours = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
    rules = ask(server, b"SELECT type, user_name, auth_method FROM pg_hba_file_rules")
    names = ask(server, b"SELECT sys_name, pg_username FROM pg_ident_file_mappings")

    assert rules == [("local", list(ROLES), "peer"), ("local", ["all"], "reject")]
    assert set(names) == {(ours, role) for role in ROLES}
    ask(server, b"CREATE ROLE stranger LOGIN SUPERUSER")
    with pytest.raises(psycopg.OperationalError, match="reject"):
        ask(server, b"SELECT 1", "stranger")


def test_nobody_else_may_reach_the_socket_or_the_data(server: Embedded) -> None:
    for folder in (server.socket, server.data):
        assert folder.stat().st_mode & 0o077 == 0
    assert (server.socket / ".s.PGSQL.5432").stat().st_mode & 0o777 == 0o700
    if is_root():
        assert "Permission denied" in refusal_to_nobody(server)
        # The account of the server itself is not root, and may not be one of our roles either.
        assert server.data.stat().st_uid != 0


def test_nobody_else_is_let_in_even_where_the_folder_is_open(server: Embedded) -> None:
    server.home.parent.chmod(0o755)
    server.home.chmod(0o755)
    server.socket.chmod(0o755)
    (server.socket / ".s.PGSQL.5432").chmod(0o777)
    try:
        if is_root():
            assert "Peer authentication failed" in refusal_to_nobody(server)
        assert ask(server, b"SELECT 1") == [(1,)]
    finally:
        server.home.parent.chmod(0o750)


def refusal_to_nobody(server: Embedded) -> str:
    """What psql says to the account ``nobody``."""
    command = [
        server.binaries / "psql",
        "-w",
        server.address(SUPERUSER, "postgres"),
        "-c",
        "TABLE x",
    ]
    done = subprocess.run(
        [str(part) for part in command],
        user=NOBODY,
        extra_groups=[],
        env={},
        cwd="/",
        capture_output=True,
        check=False,
    )
    assert done.returncode != 0
    return done.stderr.decode()
