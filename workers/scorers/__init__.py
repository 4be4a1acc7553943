"""The list of scorers; importing it loads no model and no torch."""

from workers.scorers import scripted, token_prm
from workers.search.registry import SCORERS

__all__ = ["SCORERS", "scripted", "token_prm"]
