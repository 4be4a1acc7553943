"""Trains the shipped process reward model on exactly checked step labels; refuses to write into a folder in use.

Run it as `python -m workers.training.tiny_prm --policy FOLDER --out FOLDER`. The model is a Llama for token
classification that starts from the policy's weights and reads its two labels at the line end of every step, the
answer step's too. No rollouts are involved: the labels are those of `puzzle_paths`, so it is a verifier trained on
checked steps and no Monte-Carlo estimate.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from workers.search.checkers.puzzle import SIZES
from workers.training.puzzle_paths import Paths, deviating, on_policy, walk
from workers.training.puzzle_problems import Puzzles, make_puzzles, read_statements
from workers.training.tiny_policy import optimizers, rate_at, save, without


@dataclass(frozen=True)
class Recipe:
    """What decides the trained reward model; 44 of 64 rows are the policy's own paths, because those are what it will
    judge."""

    steps: int = 2500
    seed: int = 2
    rows: int = 64
    own_rows: int = 44
    slips: float = 0.12
    misquotes: float = 0.04
    right: float = 0.3
    muon_rate: float = 3e-3
    adamw_rate: float = 2e-3
    warm_up: int = 60
    flat_until: float = 0.35
    size_weights: tuple[float, ...] = (1.0, 1.5, 1.5, 1.5, 1.25, 1.0, 1.0)


def new_scorer(policy_folder: Path, seed: int) -> Any:
    """A LlamaForTokenClassification with the policy's weights and a new head of two labels, bad and good."""
    import torch
    from transformers import AutoConfig, LlamaForTokenClassification

    torch.manual_seed(seed)
    config = AutoConfig.from_pretrained(policy_folder, local_files_only=True, trust_remote_code=False)
    config.num_labels = 2
    config.id2label = {0: "bad", 1: "good"}
    config.label2id = {"bad": 0, "good": 1}
    config.classifier_dropout = 0.0
    config.use_cache = False
    # Read by workers.scorers.token_prm: each step is followed by this text, and its last token carries the step's
    # score.
    config.step_separator = "\n"
    model = LlamaForTokenClassification.from_pretrained(
        policy_folder, config=config, use_safetensors=True, local_files_only=True, trust_remote_code=False
    )
    model.set_attn_implementation("eager")
    return model


def load_policy(folder: Path) -> Any:
    """The policy, ready to be asked."""
    from transformers import AutoModelForCausalLM

    return AutoModelForCausalLM.from_pretrained(
        folder, use_safetensors=True, local_files_only=True, trust_remote_code=False, attn_implementation="eager"
    ).eval()


def part(puzzles: Puzzles, rows: slice) -> Puzzles:
    """Some rows of a batch."""
    return Puzzles(puzzles.numbers[rows], puzzles.target[rows], puzzles.signs[rows], puzzles.values[rows])


def new_paths(noise: np.random.Generator, policy: Any, recipe: Recipe, left_out: set[str]) -> Iterator[list[Paths]]:
    """One batch after another, each of one size: the policy's own paths, then made ones with more right ones and
    false results."""
    shares = np.array(recipe.size_weights) / sum(recipe.size_weights)
    while True:
        size = int(noise.choice(SIZES, p=shares))
        puzzles = without(make_puzzles(noise, recipe.rows + 16, size), left_out, recipe.rows)
        own, made = part(puzzles, slice(0, recipe.own_rows)), part(puzzles, slice(recipe.own_rows, None))
        yield [
            walk(noise, own, on_policy(policy, own), slips=recipe.slips / 4),
            walk(noise, made, deviating(noise, made, recipe.right), recipe.slips, recipe.misquotes),
        ]


def train(
    policy_folder: Path, recipe: Recipe, left_out: set[str], say: Callable[[str], None]
) -> tuple[Any, list[float]]:
    """The trained reward model and its loss at every step: mean cross-entropy at the step ends, in nats."""
    import torch
    from torch.nn.functional import cross_entropy

    model = new_scorer(policy_folder, recipe.seed).train()
    steppers = optimizers(model, recipe.muon_rate, recipe.adamw_rate)
    full = [group["lr"] for stepper in steppers for group in stepper.param_groups]
    batches = new_paths(np.random.default_rng(recipe.seed), load_policy(policy_folder), recipe, left_out)
    losses: list[float] = []
    began = time.monotonic()
    for step, paths in zip(range(recipe.steps), batches, strict=False):
        ids = torch.from_numpy(np.concatenate([p.token_ids() for p in paths]))
        labels = torch.from_numpy(np.concatenate([p.labels() for p in paths]))
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = model(input_ids=ids).logits[:, torch.from_numpy(paths[0].step_ends())]
        loss = cross_entropy(logits.float().flatten(0, 1), labels.flatten())
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


def main() -> None:
    import torch

    parser = argparse.ArgumentParser(description="Train the small process reward model for operator puzzles.")
    parser.add_argument("--policy", type=Path, required=True, help="folder of the trained policy")
    parser.add_argument("--out", type=Path, required=True, help="empty or new folder for the model")
    parser.add_argument("--steps", type=int, default=Recipe.steps, help="optimizer steps of 64 paths each")
    parser.add_argument(
        "--seed", type=int, default=Recipe.seed, help="decides the head at the start, every puzzle and every path"
    )
    parser.add_argument(
        "--leave-out", type=Path, nargs="*", default=[], help="problem files whose puzzles are never trained on"
    )
    chosen = parser.parse_args()
    if chosen.out.exists() and any(chosen.out.iterdir()):
        parser.error(
            f"expected an empty or new folder, found files in {chosen.out}; name another folder or empty this one"
        )
    torch.set_num_threads(1)
    recipe = Recipe(steps=chosen.steps, seed=chosen.seed)
    left_out: set[str] = set().union(*(read_statements(path) for path in chosen.leave_out))
    model, losses = train(chosen.policy, recipe, left_out, lambda line: print(line, flush=True))
    save(model, chosen.out, asdict(recipe) | {"last_loss": float(np.mean(losses[-100:]))})


if __name__ == "__main__":
    main()
