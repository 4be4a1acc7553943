"""The list of strategies; it holds no other knowledge of them."""

from workers.search.registry import STRATEGIES
from workers.search.strategies import beam, best_of_n, chain_of_thought, self_consistency

__all__ = ["STRATEGIES", "beam", "best_of_n", "chain_of_thought", "self_consistency"]
