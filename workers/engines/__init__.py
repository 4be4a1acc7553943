"""The list of engines; importing it loads no model and no torch."""

from workers.engines import local_transformers, scripted
from workers.search.registry import ENGINES

__all__ = ["ENGINES", "local_transformers", "scripted"]
