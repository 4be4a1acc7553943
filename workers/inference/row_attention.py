"""Attention of one new token a row on the CPU, as two batched matrix products; for anything else it steps aside.

torch's fused kernel is made for many queries: with one a row it took two to three times as long as the two products
(measured 2026-11, 256 rows, 4 heads, 64 places: 7.7 against 3.5 ms), and more where keys are not contiguous.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

_NAME = "branchwise_rows"


def attend_by_rows(model: Any) -> None:
    """Makes a model on the CPU that uses torch's fused attention attend by this module; others are left as they are."""
    from transformers import AttentionInterface, AttentionMaskInterface
    from transformers.masking_utils import sdpa_mask

    if model.device.type != "cpu" or model.config._attn_implementation != "sdpa":
        return
    AttentionInterface.register(_NAME, row_attention)
    # A mask function has to stand under the same name, or transformers would make no masks at all.
    AttentionMaskInterface.register(_NAME, sdpa_mask)
    model.set_attn_implementation(_NAME)


def row_attention(
    module: Any, query: Tensor, key: Tensor, value: Tensor, attention_mask: Tensor | None, **more: Any
) -> tuple[Tensor, None]:
    """query (rows, heads, tokens, width), key and value (rows, key heads, places, width), attention_mask 0 or lowest,
    (rows, 1, tokens, places); gives (rows, tokens, heads, width). `more` is what transformers hands its kernels."""
    import torch
    from transformers.integrations.sdpa_attention import sdpa_attention_forward

    rows, heads, tokens, width = query.shape
    strange = any(more.get(name) is not None for name in ("position_bias", "softcap"))
    if tokens > 1 or strange or attention_mask is None or not attention_mask.is_floating_point():
        whole: tuple[Tensor, None] = sdpa_attention_forward(module, query, key, value, attention_mask, **more)
        return whole
    # Query heads that share a key head are so many queries of it.
    grouped = query.reshape(rows, key.shape[1], heads // key.shape[1], width)
    scale = more.get("scaling") or width**-0.5
    weights = torch.matmul(grouped * scale, key.transpose(2, 3)) + attention_mask
    seen = torch.matmul(weights.softmax(-1, dtype=torch.float32).to(value.dtype), value)
    return seen.reshape(rows, 1, heads, value.shape[3]), None
