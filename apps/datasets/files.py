"""Files named by the SHA-256 of what they hold, in the data folder; a damaged one is refused, never read half."""

from __future__ import annotations

import gzip
import hashlib
import os
import secrets
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from apps.common.errors import Refused

# Level 3 takes a third of the time of level 6 for a tenth more bytes; nothing depends on the compressed bytes.
COMPRESSION = 3


def snapshots_folder() -> Path:
    """Where the records of snapshots stand, each file named by its SHA-256."""
    return _folder("snapshots")


def exports_folder() -> Path:
    """Where the files of exports stand, each named by its SHA-256; they can be made again at any time."""
    return _folder("exports")


def _folder(name: str) -> Path:
    """A folder of the data folder, made where it is not there yet."""
    folder = Path(settings.BRANCHWISE.data_dir) / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def new_file(folder: Path) -> Iterator[BinaryIO]:
    """A new file in `folder` under a name nobody asks for; gone where the block raises.

    Whoever writes it gives it its name by `take_name` inside the block: whole or not at all. Raises OSError.
    """
    path = folder / f".new-{secrets.token_hex(8)}"
    with path.open("xb") as made:
        try:
            yield made
        except BaseException:
            path.unlink(missing_ok=True)
            raise


def take_name(made: BinaryIO, path: Path) -> None:
    """Give a file of `new_file` its name, after its bytes are on disk; a file of that name is replaced at once."""
    made.flush()
    os.fsync(made.fileno())
    os.replace(made.name, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def store_snapshot(lines: Iterable[bytes]) -> str:
    """Store the lines of a snapshot compressed, and say their SHA-256; they are taken one at a time."""
    digest = hashlib.sha256()
    with new_file(snapshots_folder()) as made:
        with gzip.GzipFile(filename="", mode="wb", compresslevel=COMPRESSION, fileobj=made, mtime=0) as packed:
            for line in lines:
                digest.update(line)
                packed.write(line)
        take_name(made, snapshots_folder() / digest.hexdigest())
    return digest.hexdigest()


@contextmanager
def open_snapshot(sha256: str) -> Iterator[Iterator[bytes]]:
    """The lines of a snapshot, after the whole file was proven to be the one that was frozen.

    Raises Refused where it is missing or damaged. Reading it twice costs a few seconds for a million steps, and no
    format ever meets a line that was not frozen.
    """
    path = snapshots_folder() / sha256
    try:
        stored = path.open("rb")
    except FileNotFoundError:
        raise Refused(_lost(path, "found no file there"), code="snapshot-missing", status=409) from None
    with stored:
        try:
            found = _digest(gzip.GzipFile(fileobj=stored))
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise Refused(_lost(path, f"found a damaged one ({error})"), code="snapshot-damaged", status=409) from error
        if found != sha256:
            raise Refused(_lost(path, f"found one of SHA-256 {found}"), code="snapshot-damaged", status=409)
        stored.seek(0)
        yield iter(gzip.GzipFile(fileobj=stored))


def _lost(path: Path, found: str) -> str:
    """The sentence for a snapshot whose file cannot be used; it names the file within the data folder alone."""
    return (
        f"Expected the snapshot's records in snapshots/{path.name} of the data folder; {found}. "
        "Restore the file from a backup, or freeze a new snapshot."
    )


def _digest(stream: gzip.GzipFile) -> str:
    """The SHA-256 of all that a stream holds."""
    digest = hashlib.sha256()
    while chunk := stream.read(1 << 20):
        digest.update(chunk)
    return digest.hexdigest()
