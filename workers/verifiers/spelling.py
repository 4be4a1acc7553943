"""Spells what was read so that equal answers have one spelling; it compares no two answers with each other.

A class must not depend on which answers came before, so it is a function of one answer. Numbers, polynomials and
rational functions have a normal form and so exactly one spelling; other expressions are simplified as far as sympy
can, and two spellings of one value may then remain.
"""

from __future__ import annotations

import hashlib
from decimal import Context, Decimal
from typing import Any

from math_verify.grader import is_assignment_relation, take_last_relation
from sympy import (
    And,
    Expr,
    FiniteSet,
    Integer,
    Interval,
    MatrixBase,
    MatrixExpr,
    Poly,
    Set,
    Symbol,
    Tuple,
    Union,
    cancel,
    nan,
    nsimplify,
    numer,
    oo,
    simplify,
    together,
    zoo,
)
from sympy.core.relational import Equality, Relational

LONGEST = 200  # characters; a longer spelling keeps its start and a checksum
DECIMALS = 6  # as math-verify rounds, so that 1/3 and 0.333333 are one class
_EXACT = Context(prec=60)


class NoSpelling(Exception):
    """What was read has no value that could be told apart from others."""


def spelling(read: Any) -> str:
    """One line that equal answers share. Raises NoSpelling, and what sympy raises."""
    spelled = _spelled(read)
    if len(spelled) <= LONGEST:
        return spelled
    return f"{spelled[:80]}… {hashlib.sha256(spelled.encode()).hexdigest()[:16]}"


def _spelled(read: Any) -> str:
    if isinstance(read, (And, Relational)):
        return _relation(read)
    if isinstance(read, MatrixExpr):
        read = read.doit()
    if isinstance(read, MatrixBase):
        rows = (", ".join(_spelled(entry) for entry in row) for row in read.tolist())
        return f"[{'; '.join(rows)}]"
    if isinstance(read, Tuple):
        return f"({', '.join(_spelled(part) for part in read.args)})"
    if isinstance(read, Set):
        return _set(read)
    if isinstance(read, Symbol):
        return read.name if len(read.name) == 1 else read.name.lower()
    if isinstance(read, Expr):
        return _expression(read)
    raise NoSpelling(type(read).__name__)


def _set(read: Set) -> str:
    """{1} is 1; the parts of a set stand in the order of their spellings."""
    if isinstance(read, FiniteSet):
        parts = sorted({_spelled(part) for part in read.args})
        return parts[0] if len(parts) == 1 else f"{{{', '.join(parts)}}}"
    if isinstance(read, Interval):
        ends = f"{_spelled(read.start)}, {_spelled(read.end)}"
        return f"{'(' if read.left_open else '['}{ends}{')' if read.right_open else ']'}"
    if isinstance(read, Union):
        return " ∪ ".join(sorted(_spelled(part) for part in read.args))
    return str(read.doit())


def _relation(read: And | Relational) -> str:
    """An assignment is its right side, an inequality in one unknown the set it describes, an equation its normal form
    equal to zero."""
    if is_assignment_relation(read):
        return _spelled(take_last_relation(read).rhs)
    if isinstance(read, Equality):
        return f"{_vanishing(read.lhs - read.rhs)} = 0"
    if len(read.free_symbols) == 1:
        return _spelled(read.as_set())
    if isinstance(read, And):
        return " & ".join(sorted(_relation(part) for part in read.args))
    return str(simplify(read))


def _vanishing(difference: Expr) -> str:
    """What is zero where `difference` is, but for a factor: its numerator with leading coefficient 1."""
    top = numer(together(nsimplify(difference.doit(), rational=True)))
    symbols = sorted(top.free_symbols, key=str)
    if symbols and top.is_polynomial(*symbols):
        return str(Poly(top, *symbols).monic().as_expr())
    return str(simplify(top))


def _expression(read: Expr) -> str:
    value = read.doit()
    symbols = sorted(value.free_symbols, key=str)
    if not symbols:
        return _number(value)
    exact = nsimplify(value, rational=True)
    shortened = cancel(together(exact)) if exact.is_rational_function(*symbols) else simplify(exact)
    return str(shortened) if shortened.free_symbols else _number(shortened)


def _number(value: Expr) -> str:
    """A number: integers exactly, others rounded; complex ones as two of these."""
    if value in (oo, -oo):
        return str(value)
    if isinstance(value, Integer):
        return str(value)
    if value.has(nan, zoo, oo) or not value.is_number:
        raise NoSpelling(str(type(value)))
    real, imaginary = value.evalf(30, chop=True).as_real_imag()
    if imaginary == 0:
        return _rounded(real)
    return f"{_rounded(real)} + {_rounded(imaginary)}i"


def _rounded(number: Expr) -> str:
    """To six decimals, and to six significant digits below 0.1, where six decimals would make small numbers equal."""
    exact = Decimal(str(number))
    if not exact:
        return "0"
    if exact.adjusted() >= 20:  # beyond what was computed; decimals mean nothing there
        return str(Context(prec=20).plus(exact).normalize())
    places = DECIMALS if exact.adjusted() >= -1 else DECIMALS - 1 - exact.adjusted()
    rounded = exact.quantize(Decimal(1).scaleb(-places), context=_EXACT)
    return format(rounded.normalize(_EXACT), "f")
