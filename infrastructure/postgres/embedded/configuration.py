"""What the embedded PostgreSQL is told: nobody but our own account, no network, no SQL text in any log."""

from pathlib import Path

OWNER = "relais_owner"
APP = "relais_app"
RETENTION = "relais_retention"
SUPERUSER = "relais_setup"
ROLES = (OWNER, APP, RETENTION, SUPERUSER)
PORT = 5432

# Beside these, bootstrap gives the database the same silence, so that a server not ours keeps it too.
_SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "max_wal_size": "1GB",
    "jit": "off",
    "timezone": "UTC",
    "lc_messages": "C",
    # A message of level ERROR may quote the value that it refuses; LOG, FATAL and PANIC do not.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_duration_sample": "-1",
    "log_transaction_sample_rate": "0",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_autovacuum_min_duration": "-1",
    "log_checkpoints": "off",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
}
_DURABLE = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
}
_THROWN_AWAY = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
}


def write_configuration(
    folder: Path, *, data: Path, socket: Path, caller: str, durable: bool
) -> Path:
    """Write the three files into ``folder``; returns the path of ``postgresql.conf``.

    They lie outside the data, where the server's account can read and not change them.
    """
    access = folder / "pg_hba.conf"
    names = folder / "pg_ident.conf"
    files = {
        "data_directory": str(data),
        "hba_file": str(access),
        "ident_file": str(names),
        "unix_socket_directories": f'"{socket}"',
    }
    settings = _SETTINGS | (_DURABLE if durable else _THROWN_AWAY) | files
    _write(access, f"local all {','.join(ROLES)} peer map=relais\nlocal all all reject\n")
    _write(names, "".join(f'relais "{caller}" {role}\n' for role in ROLES))
    main = folder / "postgresql.conf"
    _write(main, "".join(f"{name} = {_quoted(value)}\n" for name, value in settings.items()))
    return main


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def _write(path: Path, content: str) -> None:
    path.write_text(content, encoding="utf-8")
    path.chmod(0o644)
