"""Short real training runs of both models, from nothing to files that load."""

import json
import sys
from dataclasses import asdict, replace

import numpy as np
import pytest

from workers.engines.local_transformers import TinyPolicyParams, tiny_policy
from workers.scorers.token_prm import TinyPrmParams, tiny_prm
from workers.search.protocols import BranchText, Request
from workers.search.synchronous import write_all
from workers.training import figures
from workers.training import tiny_policy as policy_training
from workers.training import tiny_prm as prm_training

torch = pytest.importorskip("torch")
pytestmark = [pytest.mark.torch, pytest.mark.slow_models]

POLICY = policy_training.Recipe(steps=40, rows=16, hidden=32, layers=1, heads=2, inner=64, warm_up=5)
PRM = prm_training.Recipe(steps=30, rows=16, own_rows=8, warm_up=5)
SILENT = len


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A policy and a PRM of forty and thirty steps: their folders and their losses."""
    # Two threads on two busy cores wait for each other at every small product: seconds become half a minute.
    torch.set_num_threads(1)
    root = tmp_path_factory.mktemp("models")
    policy, policy_losses = policy_training.train(POLICY, set(), SILENT)
    policy_training.save(policy, root / "policy", asdict(POLICY))
    prm, prm_losses = prm_training.train(root / "policy", PRM, set(), SILENT)
    policy_training.save(prm, root / "prm", asdict(PRM))
    return root, policy_losses, prm_losses


def test_the_policys_loss_falls(trained):
    losses = trained[1]
    assert np.mean(losses[-5:]) < 0.8 * np.mean(losses[:5])


def test_the_prms_loss_falls(trained):
    losses = trained[2]
    assert np.mean(losses[-10:]) < np.mean(losses[:5])


def test_the_same_seed_trains_the_same_policy():
    short = replace(POLICY, steps=3)
    one, two = (policy_training.train(short, set(), SILENT) for _ in range(2))
    assert one[1] == two[1]
    for left, right in zip(one[0].parameters(), two[0].parameters(), strict=True):
        assert torch.equal(left, right)


def test_saved_models_load_as_engine_and_scorer(trained):
    root = trained[0]
    engine = tiny_policy(TinyPolicyParams(folder=str(root / "policy"), device="cpu"))
    [draft] = write_all(engine, [Request("7?4?7?8=80", (), "end", 1.0, (1, 1), 12)])
    assert len(draft.trace.ids) + draft.ended == draft.generated <= 12
    scorer = tiny_prm(TinyPrmParams(folder=str(root / "prm"), device="cpu"))
    [scored] = scorer.score([BranchText("7?4?7?8=80", ("7-4=3\n", "3*7=21\n"))])
    assert all(0 <= value <= 1 for value in scored.values)
    assert len(scored.values) == 2


def test_a_saved_folder_says_how_it_was_made_and_holds_no_pickle(trained):
    folder = trained[0] / "prm"
    assert json.loads((folder / "recipe.json").read_text())["seed"] == PRM.seed
    assert json.loads((folder / "config.json").read_text())["step_separator"] == "\n"
    assert not [path.name for path in folder.iterdir() if path.suffix in (".bin", ".pt", ".pkl")]


@pytest.mark.parametrize("training", [policy_training, prm_training])
def test_it_refuses_to_write_into_a_folder_in_use(training, tmp_path, monkeypatch, capsys):
    (tmp_path / "config.json").write_text("{}")
    monkeypatch.setattr(sys, "argv", ["train", "--out", str(tmp_path), *extra(training, tmp_path)])
    with pytest.raises(SystemExit) as stopped:
        training.main()
    assert stopped.value.code == 2
    assert "expected an empty or new folder" in capsys.readouterr().err


def extra(training, folder):
    return ["--policy", str(folder)] if training is prm_training else []


def test_the_policys_own_paths_follow_its_chances(trained):
    from workers.training.puzzle_paths import on_policy, walk
    from workers.training.puzzle_problems import make_puzzles

    noise = np.random.default_rng(0)
    puzzles = make_puzzles(noise, 32, 4)
    paths = walk(noise, puzzles, on_policy(prm_training.load_policy(trained[0] / "policy"), puzzles))
    assert ((paths.values >= 0) & (paths.values <= 200)).all()
    assert len({tuple(row) for row in paths.signs.tolist()}) > 3


def test_figures_count_what_was_sampled():
    sampled = figures.Sampled(
        3,
        np.array([0.0, 1.0, 0.0, 0.0]),
        ["+++", "---", "+++", None],
        [(0.5, 0.1), (0.6, 0.9), (0.3, 0.2), (0.99,)],
        [["ok", "dead"], ["ok", "ok"], ["dead", "dead"], ["slip"]],
    )
    assert (sampled.majority(), sampled.best()) == (0.0, 1.0)
    assert "| all | 1 | 25.0 [25.0, 25.0] | 0.0 [0.0, 0.0] | 100.0 [100.0, 100.0] |" in figures.table([sampled], 4)
