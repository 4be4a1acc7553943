"""Attention of one token a row, against the kernel it stands in for."""

import types

import pytest

from tests.inference.small_models import small_model

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.torch


@pytest.mark.parametrize("groups", [1, 2, 4])
@pytest.mark.parametrize("tokens", [1, 3])
def test_it_says_what_the_fused_kernel_says(groups, tokens):
    from transformers.integrations.sdpa_attention import sdpa_attention_forward

    from workers.inference.row_attention import row_attention

    drawn = torch.Generator().manual_seed(4)
    query = torch.randn((5, 4, tokens, 8), generator=drawn)
    key, value = (torch.randn((5, 4 // groups, 9, 8), generator=drawn) for _ in range(2))
    mask = torch.where(torch.rand((5, 1, tokens, 9), generator=drawn) < 0.4, torch.finfo(torch.float32).min, 0.0)
    module = types.SimpleNamespace(num_key_value_groups=groups, is_causal=True)
    ours, _ = row_attention(module, query, key, value, mask, scaling=0.3)
    theirs, _ = sdpa_attention_forward(module, query, key, value, mask, scaling=0.3)
    assert ours.shape == theirs.shape
    assert torch.allclose(ours, theirs, atol=1e-6)


def test_a_model_that_attends_in_another_way_is_left_as_it_is():
    from workers.inference.row_attention import attend_by_rows

    model = small_model("llama")
    model.set_attn_implementation("eager")
    attend_by_rows(model)
    assert model.config._attn_implementation == "eager"


def test_whole_texts_and_padded_ones_read_as_before():
    from workers.inference.row_attention import attend_by_rows

    plain, ours = small_model("qwen2"), small_model("qwen2")
    attend_by_rows(ours)
    ids, mask = torch.tensor([[0, 0, 5, 6], [1, 2, 3, 4]]), torch.tensor([[0, 0, 1, 1], [1, 1, 1, 1]])
    with torch.inference_mode():
        there, here = (one(ids, attention_mask=mask).logits[:, -1] for one in (plain, ours))
        assert torch.allclose(there, here, atol=1e-6)
        wrote = [one.generate(ids, attention_mask=mask, max_new_tokens=9, do_sample=False) for one in (plain, ours)]
    assert torch.equal(*wrote)
