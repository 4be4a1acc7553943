"""Trains the shipped policy, a small Llama that reasons step by step on operator puzzles; refuses to write into a
folder in use.

Run it as `python -m workers.training.tiny_policy --out FOLDER`. Training counts steps, never seconds, so a seed
decides the data.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from workers.search.checkers.puzzle import SIZES
from workers.training.puzzle_problems import Puzzles, make_puzzles, read_statements
from workers.training.puzzle_tokens import (
    END,
    PAD,
    VOCABULARY,
    question_ids,
    question_length,
    solution_ids,
    write_tokenizer,
)


@dataclass(frozen=True)
class Recipe:
    """What decides the trained policy; the middle sizes are drawn more often because their errors are the ones that
    still fall."""

    steps: int = 4800
    seed: int = 1
    rows: int = 64
    hidden: int = 128
    layers: int = 4
    heads: int = 4
    inner: int = 384
    muon_rate: float = 4e-3
    adamw_rate: float = 3e-3
    warm_up: int = 60
    flat_until: float = 0.35
    size_weights: tuple[float, ...] = (1.0, 1.5, 1.5, 1.5, 1.0, 0.75, 0.75)


def new_policy(recipe: Recipe) -> Any:
    """A LlamaForCausalLM with random weights drawn from the recipe's seed."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(recipe.seed)
    model = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=VOCABULARY,
            hidden_size=recipe.hidden,
            num_hidden_layers=recipe.layers,
            num_attention_heads=recipe.heads,
            num_key_value_heads=recipe.heads,
            intermediate_size=recipe.inner,
            max_position_embeddings=160,
            tie_word_embeddings=True,
            pad_token_id=PAD,
            bos_token_id=None,
            eos_token_id=END,
            use_cache=True,
        )
    )
    # On one CPU thread the plain matrix products are a third faster than the fused attention's backward pass.
    model.set_attn_implementation("eager")
    return model


def optimizers(model: Any, muon_rate: float, adamw_rate: float) -> list[Any]:
    """Muon for the matrices inside the layers, AdamW for everything else (embeddings, norms, heads)."""
    import torch

    inner = [p for name, p in model.named_parameters() if p.ndim == 2 and ".layers." in name]
    rest = [p for name, p in model.named_parameters() if not (p.ndim == 2 and ".layers." in name)]
    return [
        torch.optim.Muon(inner, lr=muon_rate, weight_decay=0.01, adjust_lr_fn="match_rms_adamw"),
        torch.optim.AdamW(rest, lr=adamw_rate, betas=(0.9, 0.95), weight_decay=0.0),
    ]


def rate_at(step: int, steps: int, warm_up: int, flat_until: float) -> float:
    """The share of the full learning rate at a step: warm-up, flat, then straight down to zero."""
    falling = (steps - step) / max(1.0, steps * (1 - flat_until))
    return min((step + 1) / warm_up, 1.0, falling)


def new_puzzles(noise: np.random.Generator, recipe: Recipe, left_out: set[str]) -> Iterator[Puzzles]:
    """One batch after another, each of one size; rows whose statement is in `left_out` are replaced by rows drawn
    afresh."""
    weights = np.array(recipe.size_weights) / sum(recipe.size_weights)
    while True:
        size = int(noise.choice(SIZES, p=weights))
        yield without(make_puzzles(noise, recipe.rows + 16, size), left_out, recipe.rows)


def without(puzzles: Puzzles, left_out: set[str], rows: int) -> Puzzles:
    """The first `rows` puzzles whose statement is not in `left_out`."""
    kept = np.array([row for row in range(len(puzzles)) if puzzles.statement(row) not in left_out][:rows])
    return Puzzles(puzzles.numbers[kept], puzzles.target[kept], puzzles.signs[kept], puzzles.values[kept])


def train(recipe: Recipe, left_out: set[str], say: Callable[[str], None]) -> tuple[Any, list[float]]:
    """The trained policy and its loss at every step; the loss is the mean negative log-likelihood of the solution's
    tokens, in nats."""
    import torch
    from torch.nn.functional import cross_entropy

    model = new_policy(recipe).train()
    steppers = optimizers(model, recipe.muon_rate, recipe.adamw_rate)
    full = [group["lr"] for stepper in steppers for group in stepper.param_groups]
    batches = new_puzzles(np.random.default_rng(recipe.seed), recipe, left_out)
    losses: list[float] = []
    began = time.monotonic()
    for step, puzzles in zip(range(recipe.steps), batches, strict=False):
        prompt = question_length(puzzles.size)
        solution = solution_ids(puzzles.numbers, puzzles.signs, puzzles.values)
        ids = torch.from_numpy(np.concatenate([question_ids(puzzles), solution], axis=1))
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = model(input_ids=ids[:, :-1], use_cache=False).logits[:, prompt - 1 :]
        loss = cross_entropy(logits.float().flatten(0, 1), ids[:, prompt:].flatten())
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        share = rate_at(step, recipe.steps, recipe.warm_up, recipe.flat_until)
        for group, rate in zip((g for s in steppers for g in s.param_groups), full, strict=True):
            group["lr"] = rate * share
        for stepper in steppers:
            stepper.step()
            stepper.zero_grad(set_to_none=True)
        losses.append(loss.item())
        if step % 100 == 99:
            say(f"step {step + 1} loss {np.mean(losses[-100:]):.4f} seconds {time.monotonic() - began:.0f}")
    return model.eval(), losses


def save(model: Any, folder: Path, recipe: dict[str, Any]) -> None:
    """Writes the model as safetensors with its tokenizer and the recipe that made it."""
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(folder)
    write_tokenizer(folder)
    (folder / "recipe.json").write_text(json.dumps(recipe, indent=2) + "\n")


def main() -> None:
    import torch

    parser = argparse.ArgumentParser(description="Train the small policy for operator puzzles.")
    parser.add_argument("--out", type=Path, required=True, help="empty or new folder for the model")
    parser.add_argument("--steps", type=int, default=Recipe.steps, help="optimizer steps of 64 puzzles each")
    parser.add_argument(
        "--seed", type=int, default=Recipe.seed, help="decides the weights at the start and every puzzle"
    )
    parser.add_argument("--layers", type=int, default=Recipe.layers, help="Llama layers")
    parser.add_argument(
        "--leave-out", type=Path, nargs="*", default=[], help="problem files whose puzzles are never trained on"
    )
    chosen = parser.parse_args()
    if chosen.out.exists() and any(chosen.out.iterdir()):
        parser.error(
            f"expected an empty or new folder, found files in {chosen.out}; name another folder or empty this one"
        )
    torch.set_num_threads(1)
    recipe = Recipe(steps=chosen.steps, seed=chosen.seed, layers=chosen.layers)
    left_out: set[str] = set().union(*(read_statements(path) for path in chosen.leave_out))
    model, losses = train(recipe, left_out, lambda line: print(line, flush=True))
    save(model, chosen.out, asdict(recipe) | {"last_loss": float(np.mean(losses[-100:]))})


if __name__ == "__main__":
    main()
