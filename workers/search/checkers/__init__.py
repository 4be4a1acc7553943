"""The list of answer checkers; it holds no other knowledge of them."""

from workers.search.checkers import exact_text, game24, puzzle
from workers.search.registry import CHECKERS

__all__ = ["CHECKERS", "exact_text", "game24", "puzzle"]
