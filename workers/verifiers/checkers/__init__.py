"""The list of answer checkers that ask a child process; importing it fills the core's catalogue and starts nothing."""

from workers.search.checkers import CHECKERS
from workers.verifiers.checkers import math

__all__ = ["CHECKERS", "math"]
