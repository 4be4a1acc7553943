"""Holds the keys and values of the rows a model is working on, each row as long as it is; it knows no questions and
keeps nothing for later.

Row r of the window is a text from its first token on: place p of the row is the text's token p. A row is written at
its own end, so rows of unequal length share a batch without moving anything, and a place past a row's end is masked.
To transformers the window is a cache (`update`, `get_seq_length`).
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from torch import Tensor

# A forward pass over new texts takes at most about so many tokens at once: activations and masks grow with them.
_TOKENS_AT_ONCE = 8192


class UnknownShape(ValueError):
    """The model's keys and values cannot be shared; the text says what was expected, what was found and what to do."""


@dataclass(frozen=True)
class KeyValueShape:
    """What one token leaves in a model.

    sizes: (heads, width) of keys and of values by turns, layer by layer; attention: how many tokens back each kind of
    layer sees, None for all of them.
    """

    sizes: tuple[tuple[int, int], ...]
    attention: dict[str, int | None]
    dtype: Any
    device: Any

    @property
    def token_bytes(self) -> int:
        """Bytes of the keys and values of one token."""
        return int(sum(heads * width for heads, width in self.sizes) * self.dtype.itemsize)


def shape_of(model: Any) -> KeyValueShape:
    """Found by running one token. Raises UnknownShape where layers keep something else than keys and values."""
    import torch
    from transformers import DynamicCache

    config, cache = model.config.get_text_config(), DynamicCache()
    with torch.inference_mode():
        model(
            input_ids=torch.zeros((1, 1), dtype=torch.long, device=model.device), past_key_values=cache, use_cache=True
        )
    kinds = set(getattr(config, "layer_types", None) or ())
    back = getattr(config, "sliding_window", None)
    if not kinds:
        kinds = {"sliding_attention" if back else "full_attention"}
    layers: list[Any] = list(cache.layers)
    tensors = [getattr(layer, name, None) for layer in layers for name in ("keys", "values")]
    if not kinds <= {"full_attention", "sliding_attention"} or not tensors or any(one is None for one in tensors):
        raise UnknownShape(
            "Expected a model whose layers keep keys and values of full or sliding attention; found "
            f"{config.model_type} with {', '.join(sorted(kinds))}. Choose a model of the Llama, Qwen or Mistral kind."
        )
    sizes = tuple((one.shape[1], one.shape[3]) for one in tensors if one is not None)
    attention = {kind: back if kind == "sliding_attention" else None for kind in sorted(kinds)}
    return KeyValueShape(sizes, attention, model.dtype, model.device)


class RowWindow:
    """The rows of one model that are under way.

    It may take `most_bytes`; who reserves more rows than one asks `fits` before.
    tensors: keys and values by turns, layer by layer, each (rows, heads, length, width); they grow with what `reserve`
    asks for. padded counts the tokens that were run only to fill a rectangle.
    """

    def __init__(self, model: Any, shape: KeyValueShape, most_bytes: int) -> None:
        self.shape = shape
        self._most_tokens = most_bytes // shape.token_bytes
        self.padded = 0
        self.tensors: list[Tensor] = []
        self._model = model
        self._rows = self._length = 0
        self._some_logits = "logits_to_keep" in inspect.signature(model.forward).parameters

    def fits(self, rows: int, length: int) -> bool:
        """Whether so many rows of so many tokens stay within the bytes."""
        return rows * _rounded(length) <= self._most_tokens

    def reserve(self, rows: int, length: int, live: int) -> None:
        """Room for so many rows, the longest of which has so many tokens; the first `live` rows, of which there are no
        more, keep what they hold."""
        import torch

        had, length = (self._rows, self._length), _rounded(length)
        # Every pass reads rows to their full length, so a window that one long row has left is made narrow again.
        if rows <= had[0] and length <= had[1] <= 2 * length:
            return
        if rows > had[0] and self.fits(rows + rows // 2, length):
            rows += rows // 2
        if self.fits(max(rows, had[0]), length):
            rows = max(rows, had[0])
        # Memory may run out between two tensors; until the last is there, only what both sizes have in common holds.
        self._rows, self._length = min(rows, had[0]), min(length, had[1])
        for place, (heads, width) in enumerate(self.shape.sizes):
            # Zeros, for a masked place counts with weight 0, and 0 times what empty memory holds may be not a number.
            new = torch.zeros((rows, heads, length, width), dtype=self.shape.dtype, device=self.shape.device)
            if had[0]:
                new[:live, :, : self._length] = self.tensors[place][:live, :, : self._length]
                self.tensors[place] = new
            else:
                self.tensors.append(new)
        self._rows, self._length = rows, length

    def release(self) -> None:
        """Gives the memory back; no row is held after it."""
        self.tensors, self._rows, self._length = [], 0, 0

    def copy(self, sources: Sequence[int], targets: Sequence[int], length: int) -> None:
        """Copies the first `length` places of rows; all are read before any is written."""
        import torch

        taken = torch.tensor([sources, targets], device=self.shape.device)
        for tensor in self.tensors:
            view = tensor[:, :, :length]
            view.index_copy_(0, taken[1], view.index_select(0, taken[0]))

    def wipe(self, row: int) -> None:
        """Zeros a row that may hold what is not a number: a masked place would carry it into the row's next text."""
        for tensor in self.tensors:
            tensor[row].zero_()

    def step(self, tokens: Sequence[int], starts: Sequence[int]) -> Tensor:
        """Runs one token a row, row 0 on, each at its own place; logits (rows, width)."""
        ids = np.array(tokens, dtype=np.int64)[:, None]
        return self._run(0, ids, np.array(starts, dtype=np.int64), np.ones(len(tokens), dtype=np.int64), None)[:, 0]

    def run(
        self, first: int, texts: Sequence[Sequence[int]], starts: Sequence[int], wanted: Sequence[Sequence[int]]
    ) -> list[list[Tensor]]:
        """Runs new tokens in rows `first` on, each text behind the `starts` tokens its row holds already.

        texts: longest first, none empty. wanted: for each text the places in it, ascending, whose logits to give back;
        one tensor (width,) a place.
        """
        found: list[list[Tensor]] = [[] for _ in texts]
        for begin, end, active in _stretches([len(text) for text in texts]):
            lengths = np.array([min(len(text), end) - begin for text in texts[:active]], dtype=np.int64)
            ids = np.zeros((active, end - begin), dtype=np.int64)
            for row, text in enumerate(texts[:active]):
                ids[row, : lengths[row]] = text[begin:end]
            asked = [[place - begin for place in wanted[row] if begin <= place < end] for row in range(active)]
            columns = sorted({place for places in asked for place in places})
            logits = self._run(first, ids, np.array(starts[:active], dtype=np.int64) + begin, lengths, columns)
            where = {column: place for place, column in enumerate(columns)}
            for row, places in enumerate(asked):
                found[row].extend(logits[row, where[place]] for place in places)
        return found

    def _run(
        self,
        first: int,
        ids: NDArray[np.int64],
        starts: NDArray[np.int64],
        lengths: NDArray[np.int64],
        columns: Sequence[int] | None,
    ) -> Tensor:
        """Logits (rows, columns, width) of ids (rows, longest), padded on the right; columns None is the last alone."""
        import torch

        rows, longest = ids.shape
        self.padded += int(rows * longest - lengths.sum())
        device = self.shape.device
        table = torch.from_numpy(np.column_stack([ids, starts, starts + lengths - 1])).to(device)
        places = table[:, longest, None] + torch.arange(longest, device=device)
        # A padding token stands after its row's end and says it were the last: no model counts further than the text.
        positions = torch.minimum(places, table[:, longest + 1, None])
        need = int(starts.max()) + longest
        # Reading keys to their full length, masked, is faster than reading a part of each row, for they stand in one
        # piece; a pass over few of many rows would read too much.
        view = _View(self.tensors, first, places, self._length if self._length <= 2 * need else need)
        more: dict[str, Any] = {}
        if self._some_logits:
            more["logits_to_keep"] = torch.tensor(columns, device=device) if columns else 1
        logits = self._model(
            input_ids=table[:, :longest],
            attention_mask=self._masks(positions, view.length),
            position_ids=positions,
            past_key_values=view,
            use_cache=True,
            **more,
        ).logits
        return logits[:, columns] if columns and not self._some_logits else logits

    def _masks(self, positions: Tensor, length: int) -> Any:
        """What each token sees, (rows, 1, tokens, length), 0 or the lowest number; by kind of layer where there are
        several."""
        import torch

        back = torch.arange(length, device=positions.device)[None, None, None] - positions[:, None, :, None]
        zero = torch.zeros((), dtype=self.shape.dtype, device=positions.device)
        lowest = torch.finfo(self.shape.dtype).min
        masks = {
            kind: torch.where((back <= 0) if far is None else (back <= 0) & (back > -far), zero, lowest)
            for kind, far in self.shape.attention.items()
        }
        return masks if len(masks) > 1 else next(iter(masks.values()))


class _View:
    """Rows of the window as the cache of one forward pass: new keys and values go to their places, the rows up to
    `length` come back."""

    is_compileable = False

    def __init__(self, tensors: Sequence[Tensor], first: int, places: Tensor, length: int) -> None:
        import torch

        self.length = length
        self._tensors = tensors
        self._first = first
        self._count = len(places)
        self._tokens = places.shape[1]
        # Every (row, head, place) that is written, counted through: the same for all layers of one shape.
        self._written: dict[tuple[int, int], Tensor] = {}
        self._rows = torch.arange(first, first + self._count, device=places.device)[:, None, None]
        self._places = places[:, None]

    def get_seq_length(self, layer_idx: int = 0) -> int:
        """Tokens held before this pass, as far as anybody has to know: places and masks are given."""
        return self.length - self._tokens

    def update(self, keys: Tensor, values: Tensor, layer_idx: int, *_: Any, **__: Any) -> tuple[Tensor, Tensor]:
        """keys and values (rows, heads, tokens, width) of one layer in, those of the whole rows out."""
        held = self._tensors[2 * layer_idx : 2 * layer_idx + 2]
        for tensor, new in zip(held, (keys, values), strict=True):
            tensor.view(-1, tensor.shape[3]).index_copy_(0, self._where(tensor), new.reshape(-1, tensor.shape[3]))
        whole = [one[self._first : self._first + self._count, :, : self.length] for one in held]
        return whole[0], whole[1]

    def _where(self, tensor: Tensor) -> Tensor:
        import torch

        heads, length = tensor.shape[1:3]
        if (heads, length) not in self._written:
            rows = self._rows * heads + torch.arange(heads, device=tensor.device)[:, None]
            self._written[heads, length] = (rows * length + self._places).reshape(-1)
        return self._written[heads, length]


def _stretches(lengths: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Cuts texts, longest first, into columns that are run together: (begin, end, how many texts reach there)."""
    begin = 0
    while active := sum(length > begin for length in lengths):
        end = min(lengths[0], begin + max(1, _TOKENS_AT_ONCE // active))
        yield begin, end, active
        begin = end


def _rounded(length: int) -> int:
    """Rows grow by 32 tokens, so that they need not be moved at every turn."""
    return -(-length // 32) * 32
