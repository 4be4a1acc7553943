"""The list of strategies; it holds no other knowledge of them."""

from workers.search.registry import STRATEGIES
from workers.search.strategies import best_of_n, chain_of_thought, self_consistency

__all__ = ["STRATEGIES", "best_of_n", "chain_of_thought", "self_consistency"]
