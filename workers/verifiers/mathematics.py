"""Reads an answer as mathematics and compares it with a reference, by math-verify; for the children alone, it bounds
neither time nor memory.

math-verify 0.9.0 looks for formulas in a model's whole text. What comes here is the answer already found, so it is
offered as one formula, and what plain text spells otherwise than LaTeX is respelled first.
"""

from __future__ import annotations

import re
from typing import Any

from math_verify import ExprExtractionConfig, LatexExtractionConfig, parse, verify
from sympy import Basic, MatrixBase, Symbol, nan, zoo

Read = Any  # a Basic or a MatrixBase; sympy comes without types

_DELIMITERS = (("$$", "$$"), ("$", "$"), ("\\(", "\\)"), ("\\[", "\\]"))
_THOUSANDS = re.compile(r"(?<=\d)(?:[ ]|\\[,! ;:]|\{,\})(?=\d{3}(?!\d))")
_MIXED = re.compile(r"(?<![\d.^_/])(\d+) (\d+)/(\d+)(?![\d.^])")
# What LaTeX lets stand without braces: \frac 1 2.
_TWO_DIGITS = re.compile(r"\\(?:[cdt]?frac|[dt]?binom) ?\d ?\d")
_SIDE_BY_SIDE = re.compile(r"\d(?:[ $~]|\\[,! ;:]|\\q?quad)+[\d.]")
_NAMES = re.compile(r"(?<![\\A-Za-z])(pi|sin|cos|tan|log|ln|exp)(?![A-Za-z])")
_POWER_OF_TEN = re.compile(r"(?<=\d)[eE]([+-]?\d{1,3})(?!\d)")
_RAISED = re.compile(r"\^\(([^()]*)\)")
_WORDS = re.compile(r"[A-Za-z]{2,}(?:[ -][A-Za-z]+)*")
_OPERATORS = {"or", "and"}
_ARITHMETIC = re.compile(r"[\d\s.,+\-*/^()×÷%]+")


def read(text: str) -> Read | None:
    """The answer as sympy reads it; None where it cannot be read or is no value at all (a division by zero). Two
    numbers side by side are none either: math-verify adds them, so that 40 2 would be 42.

    Words alone ("no solution", \\text{Evelyn}) are one symbol, told apart by their letters and not their case.
    """
    formula = _formula(text)
    words = _WORDS.fullmatch(formula)
    if words and not _OPERATORS & set(formula.casefold().split()):
        return Symbol(formula.casefold().replace(" ", ""))
    if _SIDE_BY_SIDE.search(_TWO_DIGITS.sub("", formula)):
        return None
    found = _parsed(f"${formula}$", LatexExtractionConfig())
    if found is None and _ARITHMETIC.fullmatch(formula):
        found = _parsed(formula, ExprExtractionConfig())
    return None if found in (nan, zoo) else found


def is_equal(reference: Read, answer: Read) -> bool:
    """Whether the answer is the reference. The order of the two matters to math-verify, and it is not transitive: 50%
    is 0.5 and 50% is 50.

    Raises what sympy raises: an answer that could not be compared is not thereby wrong."""
    return bool(verify(reference, answer, allow_set_relation_comp=True, timeout_seconds=None, raise_on_error=True))


def _formula(text: str) -> str:
    """The text without the marks of a formula around it, plain spellings as LaTeX has them."""
    text = " ".join(text.split()).removesuffix(".").rstrip()
    for left, right in _DELIMITERS:
        inside = text.removeprefix(left).removesuffix(right)
        if len(inside) == len(text) - len(left) - len(right) and left not in inside:
            text = inside.strip()
            break
    text = _THOUSANDS.sub("", text)
    text = _MIXED.sub(r"\1\\frac{\2}{\3}", text)
    text = _POWER_OF_TEN.sub(r" \\cdot 10^{\1}", text)
    text = _NAMES.sub(r"\\\1 ", text)
    return _RAISED.sub(r"^{\1}", text)


def _parsed(text: str, how: LatexExtractionConfig | ExprExtractionConfig) -> Read | None:
    """What math-verify finds first, no plain string among it. Its own time-out is off: it needs a signal handler."""
    found = parse(text, [how], fallback_mode="no_fallback", parsing_timeout=None)
    return next((one for one in found if isinstance(one, (Basic, MatrixBase))), None)
