"""The local engine on the shipped policy, against transformers itself."""

import json
import shutil

import pytest

from workers.engines.local_transformers import TinyPolicyParams, tiny_policy
from workers.inference.model_folder import SHIPPED
from workers.search.errors import EngineError
from workers.search.protocols import Request
from workers.search.splitting import split
from workers.search.synchronous import write_all

torch = pytest.importorskip("torch")
pytestmark = [pytest.mark.torch, pytest.mark.slow_models]

QUESTIONS = ["8?2?6?9?8?6=43", "7?4?7?8=80", "9?4?4?4?9?2?5?8=59", "9?2?5?5?5?8?4?8?5?6=118"]


@pytest.fixture(scope="module")
def engine():
    return tiny_policy(TinyPolicyParams(device="cpu"))


@pytest.fixture(scope="module")
def shipped():
    """Model and tokenizer by transformers alone."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    folder = SHIPPED / "tiny-policy"
    options = {"local_files_only": True, "trust_remote_code": False}
    model = AutoModelForCausalLM.from_pretrained(folder, use_safetensors=True, **options).eval()
    return model, AutoTokenizer.from_pretrained(folder, **options)


def request(
    question=QUESTIONS[0], prefix=(), until="end", temperature=1.0, noise=(1, 1), max_tokens=None, alternatives=0
):
    return Request(question, tuple(prefix), until, temperature, noise, max_tokens, alternatives)


def samples(count, **more):
    return [request(QUESTIONS[k % len(QUESTIONS)], noise=(5, k), **more) for k in range(count)]


def test_a_greedy_draft_is_what_generate_writes(engine, shipped):
    model, tokenizer = shipped
    for question in QUESTIONS:
        ids = tokenizer(question + "\n", return_tensors="pt").input_ids
        with torch.inference_mode():
            whole = model.generate(input_ids=ids, do_sample=False, max_new_tokens=120)[0, ids.shape[1] :].tolist()
        [draft] = write_all(engine, [request(question, temperature=0.0)])
        assert [*draft.trace.ids, tokenizer.eos_token_id] == whole
        assert draft.ended
        assert draft.generated == len(whole)


def test_logprobs_and_entropies_are_those_of_the_whole_text_encoded_again(engine, shipped):
    model, tokenizer = shipped
    requests = samples(8)
    for asked, draft in zip(requests, write_all(engine, requests), strict=True):
        prompt = tokenizer(asked.question + "\n").input_ids
        with torch.inference_mode():
            logits = model(torch.tensor([[*prompt, *draft.trace.ids]])).logits[0, len(prompt) - 1 : -1]
        chances = logits.double().log_softmax(-1)
        chosen = chances.gather(-1, torch.tensor(draft.trace.ids)[:, None])[:, 0]
        assert draft.trace.logprobs == pytest.approx(chosen.tolist(), abs=1e-4)
        assert draft.trace.entropies == pytest.approx((-chances.exp() * chances).sum(-1).tolist(), abs=1e-4)


def test_alternatives_are_the_likeliest_tokens_of_the_whole_text_encoded_again(engine, shipped):
    model, tokenizer = shipped
    plain, requests = samples(6, temperature=0.5), samples(6, temperature=0.5, alternatives=4)
    for bare, asked, draft in zip(write_all(engine, plain), requests, write_all(engine, requests), strict=True):
        assert (draft.text, draft.trace.ids, bare.trace.alternatives) == (bare.text, bare.trace.ids, None)
        prompt = tokenizer(asked.question + "\n").input_ids
        with torch.inference_mode():
            logits = model(torch.tensor([[*prompt, *draft.trace.ids]])).logits[0, len(prompt) - 1 : -1]
        values, ids = logits.log_softmax(-1).topk(4)
        assert len(draft.trace.alternatives) == len(draft.trace.ids)
        for place, told in enumerate(draft.trace.alternatives):
            assert [logprob for _, logprob in told] == pytest.approx(values[place].tolist(), abs=2e-4)
            assert [text for text, _ in told] == [tokenizer.decode([one]) for one in ids[place]]


def test_only_those_that_ask_are_told_alternatives(engine):
    few, none, many = write_all(engine, [request(alternatives=2), request(noise=(1, 2)), request(alternatives=5)])
    assert {len(told) for told in few.trace.alternatives} == {2}
    assert none.trace.alternatives is None
    assert {len(told) for told in many.trace.alternatives} == {5}


def test_a_draw_is_the_same_alone_and_among_sixteen(engine):
    requests = samples(16)
    together = write_all(engine, requests)
    alone = [write_all(engine, [one])[0] for one in requests]
    assert [draft.trace.ids for draft in together] == [draft.trace.ids for draft in alone]
    assert len({draft.trace.ids for draft in together}) > 4


def test_prefixes_of_unequal_length_share_a_batch(engine):
    [whole] = write_all(engine, [request()])
    cuts = [0, 6, 12, 18]
    requests = [request(prefix=whole.trace.ids[:cut], noise=(2, cut)) for cut in cuts]
    alone = [write_all(engine, [one])[0].trace.ids for one in requests]
    assert [draft.trace.ids for draft in write_all(engine, requests)] == alone


def test_a_prompt_shared_by_many_samples_is_run_once(shipped):
    engine = tiny_policy(TinyPolicyParams(device="cpu"))
    prompt = len(shipped[1](QUESTIONS[0] + "\n").input_ids)
    drafts = write_all(engine, [request(noise=(3, k)) for k in range(6)])
    assert [draft.computed - (draft.generated - 1) for draft in drafts] == [prompt, 0, 0, 0, 0, 0]


def test_small_batches_draw_what_one_big_batch_draws(engine):
    small = tiny_policy(TinyPolicyParams(device="cpu", batch_rows=3))
    requests = samples(10)
    assert [d.text for d in write_all(small, requests)] == [d.text for d in write_all(engine, requests)]


def test_until_step_stops_after_the_line_and_goes_on_to_the_same_solution(engine):
    prefix, texts = (), []
    for _ in range(20):
        [draft] = write_all(engine, [request(prefix=prefix, until="step", temperature=0.0)])
        prefix += draft.trace.ids
        texts.append(draft.text)
        if draft.ended:
            break
    [whole] = write_all(engine, [request(temperature=0.0)])
    assert texts == split(engine.splitter, whole.text)
    assert prefix == whole.trace.ids


def test_max_tokens_cuts_a_draft_that_has_not_ended(engine):
    [draft] = write_all(engine, [request(max_tokens=7)])
    assert (draft.generated, len(draft.trace.ids), draft.ended) == (7, 7, False)


def test_lengths_cut_the_text_into_its_tokens(engine, shipped):
    for draft in write_all(engine, samples(4)):
        start = 0
        for token, length in zip(draft.trace.ids, draft.trace.lengths, strict=True):
            assert draft.text[start : start + length] == shipped[1].decode([token])
            start += length
        assert start == len(draft.text)


def test_no_request_gives_no_draft(engine):
    assert write_all(engine, []) == []


def test_its_maker_names_model_weights_and_versions(engine):
    maker = engine.identity()
    arguments = json.loads(maker.arguments)
    assert (maker.kind, maker.key, len(maker.revision)) == ("engine", "tiny-policy", 64)
    assert arguments["model"] == "tiny-policy"
    assert {"dtype", "device", "torch", "transformers", "splitter"} <= set(arguments)


def test_it_refuses_a_context_longer_than_the_model(engine):
    with pytest.raises(EngineError, match="fewer than 160 tokens") as refusal:
        write_all(engine, [request(prefix=(20,) * 200)])
    assert refusal.value.retryable is False


def test_it_refuses_a_question_that_its_tokenizer_does_not_know_and_answers_the_others(engine):
    strange, known = [Request(question, (), "end", 1.0, (1, 1)) for question in ("How many?", "2?3=5")]
    tickets = engine.submit([strange, known])
    came = {}
    while len(came) < 2:
        came |= {delivery.ticket: delivery for delivery in engine.poll()}
    assert "tokenizer knows; found 'H' in 'How many?'" in str(came[tickets[0]].error)
    assert came[tickets[1]].draft.ended


def test_it_refuses_a_folder_without_a_model_and_says_what_to_do(tmp_path):
    with pytest.raises(EngineError, match=r"config\.json; found none .* Name another folder"):
        tiny_policy(TinyPolicyParams(folder=str(tmp_path)))
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(EngineError, match="safetensors; found none"):
        tiny_policy(TinyPolicyParams(folder=str(tmp_path)))


@pytest.mark.parametrize("stated", [None, 0, "many"])
def test_it_refuses_a_model_that_does_not_say_how_many_tokens_it_holds(tmp_path, stated):
    copied = shutil.copytree(SHIPPED / "tiny-policy", tmp_path / "model")
    config = json.loads((copied / "config.json").read_text())
    (copied / "config.json").write_text(json.dumps({**config, "max_position_embeddings": stated}))
    with pytest.raises(EngineError, match="max_position_embeddings"):
        tiny_policy(TinyPolicyParams(folder=str(copied), device="cpu"))
