"""An embedded PostgreSQL of a test, and what is asked of it."""

import os
import time
from pathlib import Path

import psycopg

from infrastructure.postgres.embedded.cluster import Embedded
from infrastructure.postgres.embedded.configuration import SUPERUSER
from tests.clusters import name_of_this_run

CLONE = Path(__file__).parent.parent.parent.parent
NAME = name_of_this_run("embedded")


def ask(server: Embedded, statement: bytes, role: str = SUPERUSER) -> list[tuple[object, ...]]:
    with psycopg.connect(server.address(role, "postgres"), autocommit=True) as connection:
        answer = connection.execute(statement)
        return answer.fetchall() if answer.description else []


def wait_until_it_answers(server: Embedded) -> None:
    for _ in range(500):
        try:
            ask(server, b"SELECT 1")
        except psycopg.OperationalError:
            time.sleep(0.02)
        else:
            return
    raise TimeoutError


def is_root() -> bool:
    return os.geteuid() == 0
