"""Reads JSON lines and the elements of one big JSON list, one value at a time, each with the line it begins on.

Memory is bounded by the largest value and never by the file. What is not JSON, too large, not UTF-8, cut off, or holds
a NUL character comes back as a Rejected; it raises for nothing that a file can hold.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from typing import Any, BinaryIO

import orjson

from apps.common.incoming import Rejected
from apps.common.shape import describe_bytes, field_with_nul, nests_deeper

# orjson refuses NaN, numbers beyond a double, lone surrogates and nesting deeper than 1,024 by itself (3.13, 2026).
# 254 is as deep as it writes, 1,000 as deep as Python walks.
MAX_NESTING = 100
MAX_VALUE_BYTES = 64 * 1024 * 1024
NEWLINE = b"\n"
_CHUNK = 1024 * 1024
_MOST_AT_ONCE = 8 * 1024 * 1024
_BOM = b"\xef\xbb\xbf"
_MARK = re.compile(rb'["\[\]{}]')
_SPACE = re.compile(rb"[ \t\r\n]*")
_SCALAR_END = re.compile(rb"[,\]\s]")

Value = tuple[int, Any]


def parse(raw: bytes, line: int) -> Value | Rejected:
    """One JSON value that begins on `line`, or why it is none."""
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError as broken:
        where = f"column {broken.colno}" if broken.lineno == 1 else f"line {line + broken.lineno - 1}"
        return Rejected(line, "", "a complete JSON value in UTF-8", f"{broken.msg} at {where}")
    if nests_deeper(value, MAX_NESTING):
        return Rejected(line, "", f"at most {MAX_NESTING} lists and objects inside one another", "more")
    if b"\\u0000" in raw:
        field = field_with_nul(value)
        if field is not None:
            return Rejected(line, field, "text without NUL characters", "a NUL character, which no database text holds")
    return line, value


def too_large(line: int) -> Rejected:
    """The answer to a value of more than MAX_VALUE_BYTES."""
    return Rejected(line, "", f"at most {MAX_VALUE_BYTES // 1024 // 1024} MiB a record", "a larger one")


def json_lines(stream: BinaryIO) -> Iterator[Value | Rejected]:
    """The values of a file with one JSON value a line; empty lines are passed over."""
    line = 0
    while raw := stream.readline(MAX_VALUE_BYTES + 1):
        line += 1
        if len(raw) > MAX_VALUE_BYTES:
            _pass_over_line(stream, raw)
            yield too_large(line)
            continue
        body = raw.removeprefix(_BOM).strip() if line == 1 else raw.strip()
        if body:
            yield parse(body, line)


def _pass_over_line(stream: BinaryIO, raw: bytes) -> None:
    while raw and not raw.endswith(b"\n"):
        raw = stream.readline(_CHUNK)


def json_records(stream: BinaryIO) -> Iterator[Value | Rejected]:
    """The values of a file however it holds them: a list, a value a line, or one object written over many lines."""
    opening = _first_line(stream)
    stream.seek(0)
    if opening.startswith(b"["):
        yield from json_list(stream)
    elif opening == b"{":
        whole = stream.read(MAX_VALUE_BYTES + 1).removeprefix(_BOM)
        yield parse(whole, 1) if len(whole) <= MAX_VALUE_BYTES else too_large(1)
    else:
        yield from json_lines(stream)


def _first_line(stream: BinaryIO) -> bytes:
    """The beginning of the first line that is not empty, without its end; empty at the end of the file."""
    while raw := stream.readline(_CHUNK):
        if body := raw.removeprefix(_BOM).strip():
            return body
    return b""


class _Window:
    """The part of a stream that is being looked at; grows at its end and is dropped at its start."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.bytes = stream.read(_CHUNK).removeprefix(_BOM)
        self.at = 0
        self.line = 1

    def more(self, keep: int) -> bool:
        """Read on, keeping what stands from `keep` on, which becomes position 0; False at the end of the file."""
        rest = self.bytes[keep:]
        # As much again as is kept, so that a value is copied a few times and not once a chunk; but never much at once.
        fresh = self._stream.read(min(max(_CHUNK, len(rest)), _MOST_AT_ONCE))
        self.line += self.bytes.count(b"\n", 0, keep)
        self.bytes = rest + fresh
        return bool(fresh)

    def skip_space(self) -> bytes:
        """Move to the next byte that is not space and give it; empty at the end of the file."""
        while True:
            match = _SPACE.match(self.bytes, self.at)
            self.at = match.end() if match else self.at
            if self.at < len(self.bytes):
                return self.bytes[self.at : self.at + 1]
            if not self.more(self.at):
                self.at = len(self.bytes)
                return b""
            self.at = 0

    def line_here(self) -> int:
        """The line of the current position; what stands before it is dropped."""
        self.line += self.bytes.count(b"\n", 0, self.at)
        self.bytes = self.bytes[self.at :]
        self.at = 0
        return self.line


def json_list(stream: BinaryIO) -> Iterator[Value | Rejected]:
    """The elements of the one JSON list a file holds; reading stops at the first place that is not such a list."""
    window = _Window(stream)
    first = window.skip_space()
    if first != b"[":
        yield Rejected(window.line_here(), "", "a JSON list", describe_bytes(window.bytes))
        return
    window.at += 1
    if window.skip_space() == b"]":
        window.at += 1
    else:
        broken = yield from _elements(window)
        if broken:
            return
    if window.skip_space():
        yield Rejected(window.line_here(), "", "nothing after the list", describe_bytes(window.bytes))


def _elements(window: _Window) -> Generator[Value | Rejected, None, bool]:
    """Yields every element; its return value says whether the list broke off."""
    while True:
        window.skip_space()
        line = window.line_here()
        end = _element_end(window)
        if end is None:
            if len(window.bytes) > MAX_VALUE_BYTES:
                yield too_large(line)
            else:
                found = f"the file ends on line {line + window.bytes.count(NEWLINE)}"
                yield Rejected(line, "", "a complete JSON value and the end of the list", found)
            return True
        yield parse(window.bytes[:end], line)
        window.at = end
        following = window.skip_space()
        window.at += 1
        if following == b"]":
            return False
        if following != b",":
            found = describe_bytes(window.bytes[window.at - 1 :]) if following else "the end of the file"
            line = window.line + window.bytes.count(NEWLINE, 0, window.at)
            yield Rejected(line, "", "a comma or ] after an element", found)
            return True


def _element_end(window: _Window) -> int | None:
    """Where the value that begins at position 0 ends; None where the file ends first or the value is too large.

    Only brackets and quotes are looked at: a string is jumped over by a search for its closing quote.
    """
    if window.bytes[:1] not in (b"{", b"[", b'"'):
        return _scalar_end(window)
    depth = at = 0
    while True:
        mark = _MARK.search(window.bytes, at)
        if mark is None:
            at = len(window.bytes)
            if at > MAX_VALUE_BYTES or not window.more(0):
                return None
            continue
        at = mark.end()
        sign = mark[0]
        if sign == b'"':
            closing = _closing_quote(window, at)
            if closing is None:
                return None
            at = closing + 1
        else:
            depth += 1 if sign in b"[{" else -1
        if depth <= 0:
            return at


def _closing_quote(window: _Window, at: int) -> int | None:
    while True:
        quote = window.bytes.find(b'"', at)
        if quote < 0:
            at = len(window.bytes)
            if at > MAX_VALUE_BYTES or not window.more(0):
                return None
            # Backslashes that came before are not forgotten: they are counted from the quote.
            continue
        before = quote - 1
        while window.bytes[before] == 0x5C:
            before -= 1
        if (quote - before) % 2:
            return quote
        at = quote + 1


def _scalar_end(window: _Window) -> int | None:
    while True:
        match = _SCALAR_END.search(window.bytes)
        if match is not None:
            return match.start()
        if len(window.bytes) > MAX_VALUE_BYTES or not window.more(0):
            return None
