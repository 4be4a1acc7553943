"""The embedded PostgreSQL of one data folder: made once, started, stopped; it never listens on the network."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg

from apps.config.embedded import server_process
from apps.config.embedded.binaries import postgres_bin
from apps.config.embedded.errors import ServiceError
from apps.config.embedded.service_user import ServiceUser, person

NAME = "PostgreSQL"
ROLE = DATABASE = "branchwise"
SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_LIMIT = 107  # bytes in sockaddr_un, less the closing zero
START_TIMEOUT_S = 120.0  # recovery after a crash is part of a start
STOP_PATIENCE_S = 60.0


class Postgres:
    """One cluster under <data>/postgres: data, run (the socket), its configuration and its log."""

    def __init__(self, data_folder: Path) -> None:
        self.folder = data_folder / "postgres"
        self.data = self.folder / "data"
        self.log = self.folder / "server.log"
        run = self.folder / "run"
        if len(os.fsencode(run / SOCKET_NAME)) > SOCKET_PATH_LIMIT:
            run = Path(tempfile.gettempdir()) / f"branchwise-{sha256(os.fsencode(self.folder)).hexdigest()[:12]}"
        self.run = run

    def url(self, database: str = DATABASE) -> str:
        """Return the address of a database of this cluster, by way of its socket."""
        return f"postgresql://{ROLE}@/{database}?host={quote(str(self.run), safe='')}"

    def process(self) -> psutil.Process | None:
        """Return the running server, if there is one."""
        return server_process.running(self.data / "postmaster.pid", str(self.data))

    def start(self, user: ServiceUser) -> None:
        """Start the server, making the cluster and the database first where they are missing.

        Raises ServiceError with the end of the log when it does not come up.
        """
        if self.process() is not None:
            return
        programs = postgres_bin(user)
        user.private_folder(self.folder)
        user.private_folder(self.run)
        is_new = self._initialise(programs, user)
        self._configure(user)
        # No server runs, so these are left from a crash. Their number may be another process's by now, or that of a
        # dead one nobody reaped, as in a container without an init; PostgreSQL would take either for a server.
        for left in (self.data / "postmaster.pid", self.run / f"{SOCKET_NAME}.lock", self.run / SOCKET_NAME):
            left.unlink(missing_ok=True)
        command = [
            str(programs / "postgres"),
            "-D",
            str(self.data),
            "-c",
            f"config_file={self.folder / 'postgresql.conf'}",
        ]
        child = server_process.spawn(command, user=user, log=self.log, folder=self.folder)
        server_process.wait_until(self._is_ready, child=child, name=NAME, log=self.log, timeout_s=START_TIMEOUT_S)
        self._make_database()
        if is_new:
            self._write_through(programs, user)

    def stop(self) -> None:
        """Stop the server after its connections; does nothing where none runs."""
        process = self.process()
        if process is not None:
            server_process.stop(process, first=signal.SIGINT, last=signal.SIGQUIT, patience_s=STOP_PATIENCE_S)

    def _is_ready(self) -> bool:
        pid_file = self.data / "postmaster.pid"
        lines = pid_file.read_text().splitlines() if pid_file.exists() else []
        return len(lines) >= 8 and lines[7].strip() == "ready"

    def _initialise(self, programs: Path, user: ServiceUser) -> bool:
        """Make the cluster where it is missing, whole or not at all; return whether it was made now.

        Its files are not forced to disk here, which takes longer than the rest of the first start (3.9 s against
        1.2 s, November 2026); _write_through does so beside the running server.
        """
        if self.data.exists():
            return False
        unfinished = self.folder / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        command = [str(programs / "initdb"), "-D", str(unfinished), "--username", ROLE, "--auth", "peer", "--no-sync"]
        command += ["--encoding", "UTF8", "--locale-provider", "builtin", "--locale", "C.UTF-8", "--no-instructions"]
        made = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            env=server_process.clean_environment(),
            **user.popen_arguments(),
        )
        if made.returncode != 0:
            raise ServiceError(f"initdb could not make {self.data}: {made.stderr.strip()}")
        unfinished.rename(self.data)
        return True

    def _write_through(self, programs: Path, user: ServiceUser) -> None:
        command = [str(programs / "initdb"), "--sync-only", "-D", str(self.data)]
        server_process.spawn(command, user=user, log=self.folder / "initdb.log", folder=self.folder)

    def _configure(self, user: ServiceUser) -> None:
        """Write the configuration anew at each start, so that an old data folder gets today's."""
        people = sorted({"root", person().pw_name})
        self._write("pg_hba.conf", f"local all {ROLE} peer map=people\n", user)
        self._write("pg_ident.conf", "".join(f'people "{name}" {ROLE}\n' for name in people), user)
        self._write("postgresql.conf", "".join(f"{key} = {value}\n" for key, value in self._settings().items()), user)

    def _write(self, name: str, text: str, user: ServiceUser) -> None:
        path = self.folder / name
        path.write_text(text)
        path.chmod(0o600)
        user.own(path)

    def _settings(self) -> dict[str, str]:
        memory_mb = psutil.virtual_memory().total // 2**20
        shared_mb = max(64, min(512, memory_mb // 8))
        return {
            "hba_file": _quoted(self.folder / "pg_hba.conf"),
            "ident_file": _quoted(self.folder / "pg_ident.conf"),
            "listen_addresses": "''",
            "unix_socket_directories": _quoted(self.run),
            "unix_socket_permissions": "0700",
            "max_connections": "60",
            "shared_buffers": f"{shared_mb}MB",
            "effective_cache_size": f"{max(256, memory_mb // 2)}MB",
            "work_mem": "16MB",
            "maintenance_work_mem": "128MB",
            "fsync": "on",
            "synchronous_commit": "on",
            "wal_compression": "on",
            "max_wal_size": "2GB",
            "checkpoint_timeout": "15min",
            "random_page_cost": "1.1",
            "jit": "off",
            "timezone": "'UTC'",
            "log_timezone": "'UTC'",
            "log_line_prefix": "'%m [%p] '",
        }

    def _make_database(self) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if known is None:
                connection.execute(f'CREATE DATABASE "{DATABASE}"')


def _quoted(path: Path) -> str:
    text = str(path).replace("'", "''")
    return f"'{text}'"
