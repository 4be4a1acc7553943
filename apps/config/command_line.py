"""What a command of manage.py needs before it runs: services, migrations, first data; it leaves the command alone."""

from __future__ import annotations

import atexit
import os
import signal
import sys
import warnings
from collections.abc import Sequence
from types import FrameType

import psycopg

from apps.config import env
from apps.config.data_folder import data_folder, make_secret_key
from apps.config.embedded import ServiceError, Services

# These read code and files only. Everything else may ask the database and finds it running.
STARTS_NOTHING = frozenset(
    {"help", "version", "check", "makemigrations", "collectstatic", "findstatic", "compilemessages", "makemessages",
     "diffsettings", "startapp", "startproject"}
)  # fmt: skip
# These look after the tables themselves, so nothing is changed before them.
MIGRATES_NOTHING = frozenset({"migrate", "showmigrations", "sqlmigrate", "dbshell", "flush", "optimizemigration"})


def starts_nothing(argv: Sequence[str]) -> bool:
    """Whether the command line can be answered without a database."""
    command, rest = (argv[1], argv[2:]) if len(argv) > 1 else ("help", [])
    if command in ("--help", "-h", "--version") or "--help" in rest or "-h" in rest:
        return True
    # check reads the database only when it is told which one.
    return command in STARTS_NOTHING and not (
        command == "check" and any(word.startswith("--database") for word in rest)
    )


def run(argv: Sequence[str]) -> None:
    """Run one command of manage.py, with what it needs started before and let go after it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "apps.config.settings.development")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import DatabaseError

    try:
        if starts_nothing(argv):
            # The history in the database is looked at where one runs; that none does is no news here.
            warnings.filterwarnings("ignore", message="Got an error checking a consistent migration history")
        else:
            _end_on_sigterm()
            start_services()
            if argv[1] not in MIGRATES_NOTHING:
                prepare_database()
        execute_from_command_line(list(argv))
    except (ServiceError, ImproperlyConfigured) as reason:
        sys.exit(str(reason))
    except DatabaseError as error:
        sentence = what_the_database_lacks(error)
        if sentence is None or "--traceback" in argv:
            raise
        sys.exit(sentence)
    except KeyboardInterrupt:
        sys.exit(130)


def what_the_database_lacks(error: Exception) -> str | None:
    """What an operator has to see to before a command can work; None for a fault of the command's own."""
    cause = error.__cause__
    if isinstance(cause, psycopg.errors.UndefinedTable | psycopg.errors.UndefinedColumn):
        return "The database lacks tables of this version. Run manage.py migrate, then this command again."
    # Without a state of SQL nothing was ever answered: the address, the password or the server is wrong.
    if isinstance(cause, psycopg.OperationalError) and cause.sqlstate is None:
        return f"The database of DATABASE_URL does not let this command in: {' '.join(str(cause).split())}"
    return None


def start_services() -> None:
    """Start the embedded servers that no address replaces, and let go of them when this process ends.

    A process whose settings are not those of one machine brings its own services.
    """
    folder = data_folder()
    services = Services(folder, postgres=not env.is_given("DATABASE_URL"), valkey=not env.is_given("BROKER_URL"))
    if os.environ["DJANGO_SETTINGS_MODULE"] == "apps.config.settings.development":
        if not services.is_empty:
            services.hold()
            atexit.register(services.let_go)
        if "SECRET_KEY_FILE" not in os.environ:
            make_secret_key(folder)


def prepare_database() -> None:
    """Apply missing migrations and load the first data, where the settings say that commands do so."""
    import django
    from django.conf import settings

    django.setup()
    if settings.BRANCHWISE.migrates_itself:
        from apps.config.first_start import prepare

        prepare()


def _end_on_sigterm() -> None:
    def end(signum: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + signum)

    # Without this the process would be gone before it let go of the services.
    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGHUP, end)
