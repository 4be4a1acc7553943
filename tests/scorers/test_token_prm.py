"""The token-classifier scorer on the shipped PRM, against transformers itself."""

import json
import shutil

import pytest

from workers.inference.model_folder import SHIPPED
from workers.scorers.token_prm import TinyPrmParams, tiny_prm
from workers.search.errors import ScorerError
from workers.search.protocols import BranchText

torch = pytest.importorskip("torch")
pytestmark = [pytest.mark.torch, pytest.mark.slow_models]

QUESTION = "8?2?6?9?8?6=43"
RIGHT = ("8-2=6\n", "6*6=36\n", "36+9=45\n", "45-8=37\n", "37+6=43\n", "Answer: -*+-+")
DEAD = ("8+2=10\n", "10+6=16\n", "16+9=25\n", "25+8=33\n", "33+6=39\n", "Answer: +++++")


@pytest.fixture(scope="module")
def scorer():
    return tiny_prm(TinyPrmParams(device="cpu"))


def values(scorer, steps, question=QUESTION):
    [scored] = scorer.score([BranchText(question, tuple(steps))])
    return scored.values


def test_scores_are_the_good_chances_of_a_plain_forward_pass(scorer):
    from transformers import AutoModelForTokenClassification, AutoTokenizer

    folder = SHIPPED / "tiny-prm"
    options = {"local_files_only": True, "trust_remote_code": False}
    model = AutoModelForTokenClassification.from_pretrained(folder, use_safetensors=True, **options).eval()
    ids = AutoTokenizer.from_pretrained(folder, **options)(QUESTION + "\n" + "".join(RIGHT) + "\n").input_ids
    line = ids[-1]
    ends = [place for place, token in enumerate(ids) if token == line][1:]
    with torch.inference_mode():
        plain = model(torch.tensor([ids])).logits[0, ends].softmax(-1)[:, model.config.label2id["good"]]
    assert values(scorer, RIGHT) == pytest.approx(plain.tolist(), abs=1e-5)


def test_there_is_one_score_a_step_whatever_follows_the_steps(scorer):
    for tail in ("", "\n", "\n\n"):
        steps = (*RIGHT[:-1], RIGHT[-1] + tail)
        assert values(scorer, steps) == pytest.approx(values(scorer, RIGHT), abs=1e-6)
    assert len(values(scorer, [step.strip() for step in RIGHT])) == len(RIGHT)


def test_a_branch_without_steps_has_no_scores_and_costs_nothing(scorer):
    [scored] = scorer.score([BranchText(QUESTION, ())])
    assert (scored.values, scored.tokens) == ((), 0)


def test_a_batch_scores_what_single_branches_score(scorer):
    branches = [BranchText(QUESTION, RIGHT[:k]) for k in range(1, 7)] + [BranchText("7?4?7?8=80", ("7-4=3\n",))]
    together = scorer.score(branches)
    for branch, scored in zip(branches, together, strict=True):
        assert scored.values == pytest.approx(values(scorer, branch.steps, branch.question), abs=1e-5)


def test_the_score_of_a_step_does_not_depend_on_what_comes_after(scorer):
    assert values(scorer, RIGHT)[:3] == pytest.approx(values(scorer, RIGHT[:3]), abs=1e-5)


def test_it_puts_a_right_answer_above_a_wrong_one(scorer):
    assert values(scorer, RIGHT)[-1] > 0.5 > values(scorer, DEAD)[-1]


def test_its_maker_names_model_weights_and_the_separator(scorer):
    maker = scorer.identity()
    assert (maker.kind, maker.key, len(maker.revision)) == ("scorer", "tiny-prm", 64)
    assert json.loads(maker.arguments)["separator"] == "\n"


def test_it_refuses_a_branch_longer_than_the_model(scorer):
    with pytest.raises(ScorerError, match="at most 160 tokens"):
        scorer.score([BranchText(QUESTION, RIGHT * 6)])


def test_it_refuses_a_folder_without_a_model(tmp_path):
    with pytest.raises(ScorerError, match="Name another folder"):
        tiny_prm(TinyPrmParams(folder=str(tmp_path)))


def test_it_refuses_a_separator_that_would_never_end_a_step(tmp_path):
    copy = shutil.copytree(SHIPPED / "tiny-prm", tmp_path / "copy")
    config = json.loads((copy / "config.json").read_text())
    (copy / "config.json").write_text(json.dumps({**config, "step_separator": ""}))
    with pytest.raises(ScorerError, match="step_separator of at least one token"):
        tiny_prm(TinyPrmParams(folder=str(copy), device="cpu"))


def test_it_refuses_weights_that_were_cut_off(tmp_path):
    copy = shutil.copytree(SHIPPED / "tiny-prm", tmp_path / "copy")
    [weights] = copy.glob("*.safetensors")
    weights.write_bytes(weights.read_bytes()[:200])
    with pytest.raises(ScorerError, match="Save model and tokenizer there again"):
        tiny_prm(TinyPrmParams(folder=str(copy), device="cpu"))


def test_it_says_that_memory_ran_out_and_goes_on_afterwards(scorer, monkeypatch):
    def full(**batch):
        raise torch.OutOfMemoryError

    unseen = BranchText(QUESTION, RIGHT[1:])
    with monkeypatch.context() as without_memory:
        without_memory.setattr(scorer._opened.model, "forward", full)
        with pytest.raises(ScorerError, match="Lower batch_rows or memory_mb"):
            scorer.score([unseen])
    assert len(values(scorer, RIGHT[1:])) == len(RIGHT) - 1


def test_it_refuses_a_model_that_looks_ahead(tmp_path):
    from transformers import BertConfig, BertForTokenClassification

    folder = shutil.copytree(SHIPPED / "tiny-prm", tmp_path / "copy")
    sizes = {"hidden_size": 8, "num_attention_heads": 1, "num_hidden_layers": 1, "intermediate_size": 8}
    torch.manual_seed(5)
    BertForTokenClassification(BertConfig(vocab_size=32, initializer_range=0.5, **sizes)).save_pretrained(folder)
    with pytest.raises(ScorerError, match="no later token changes"):
        tiny_prm(TinyPrmParams(folder=str(folder), device="cpu"))
