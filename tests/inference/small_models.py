"""Small random models of several families, made in memory; nothing is loaded."""

from __future__ import annotations

from typing import Any

SIZES = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 3, "num_attention_heads": 4, "vocab_size": 50}
GROUPED = {**SIZES, "num_key_value_heads": 2}
WINDOW = 6  # tokens that a sliding layer sees


def small_model(family: str, dtype: str = "float32") -> Any:
    """A model in evaluation mode, the same at every call; its weights are large enough to tell tokens apart."""
    import torch
    import transformers as hf

    torch.manual_seed(11)
    made = {
        "llama": lambda: hf.LlamaForCausalLM(hf.LlamaConfig(**SIZES, initializer_range=0.2)),
        "qwen2": lambda: hf.Qwen2ForCausalLM(hf.Qwen2Config(**GROUPED, initializer_range=0.2)),
        "qwen3": lambda: hf.Qwen3ForCausalLM(hf.Qwen3Config(**GROUPED, head_dim=8, initializer_range=0.2)),
        "mistral, sliding": lambda: hf.MistralForCausalLM(
            hf.MistralConfig(**GROUPED, sliding_window=WINDOW, initializer_range=0.2)
        ),
        "qwen2, some layers sliding": lambda: hf.Qwen2ForCausalLM(
            hf.Qwen2Config(
                **GROUPED, use_sliding_window=True, sliding_window=WINDOW, max_window_layers=1, initializer_range=0.2
            )
        ),
        "gpt2": lambda: hf.GPT2LMHeadModel(
            hf.GPT2Config(n_embd=32, n_layer=3, n_head=4, n_positions=64, vocab_size=50, initializer_range=0.2)
        ),
        "llama classifier": lambda: hf.LlamaForTokenClassification(
            hf.LlamaConfig(**SIZES, num_labels=2, initializer_range=0.2)
        ),
    }
    return made[family]().eval().to(getattr(torch, dtype))


FAMILIES = ("llama", "qwen2", "qwen3", "mistral, sliding", "qwen2, some layers sliding", "gpt2", "llama classifier")
