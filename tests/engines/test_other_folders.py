"""The local engine on a model and tokenizer of another family: byte-level BPE, a chat template, random weights."""

import pytest

from workers.engines.local_transformers import TinyPolicyParams, tiny_policy
from workers.search.protocols import Request
from workers.search.synchronous import write_all

torch = pytest.importorskip("torch")
pytestmark = [pytest.mark.torch, pytest.mark.slow_models]

TEMPLATE = "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}{% endfor %}<|assistant|>"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast, Qwen3Config, Qwen3ForCausalLM

    place = tmp_path_factory.mktemp("qwen3")
    bytes_of = Tokenizer(models.BPE())
    bytes_of.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bytes_of.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=300, special_tokens=["<|end|>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet()
    )
    bytes_of.train_from_iterator(["one two three\n\nfour", "two → four ½\n\n"], trainer)
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=bytes_of, eos_token="<|end|>", pad_token="<|end|>")
    tokenizer.chat_template = TEMPLATE
    tokenizer.save_pretrained(place)
    torch.manual_seed(0)
    sizes = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "head_dim": 8}
    heads = {"num_attention_heads": 4, "num_key_value_heads": 2, "max_position_embeddings": 256}
    Qwen3ForCausalLM(Qwen3Config(vocab_size=len(tokenizer), eos_token_id=0, **sizes, **heads)).save_pretrained(place)
    return place


@pytest.fixture(scope="module")
def engine(folder):
    return tiny_policy(TinyPolicyParams(folder=str(folder), device="cpu", max_tokens=40, splitter="paragraph-1"))


def test_the_chat_template_makes_the_prompt(folder):
    from transformers import AutoTokenizer

    from workers.inference.prompt import prompt_ids

    tokenizer = AutoTokenizer.from_pretrained(folder)
    assert tokenizer.decode(prompt_ids(tokenizer, "two?")) == "<|user|>two?<|assistant|>"


def test_random_bytes_are_cut_into_tokens_whose_lengths_add_up(engine):
    drafts = write_all(engine, [Request("two?", (), "end", 1.0, (1, k)) for k in range(12)])
    for draft in drafts:
        assert sum(draft.trace.lengths) == len(draft.text)
        assert len(draft.trace.lengths) == len(draft.trace.ids) == len(draft.trace.entropies)


def test_a_draw_is_the_same_alone_and_among_questions_of_other_lengths(engine):
    requests = [Request("two? " * (k + 1), (5, 6)[: k % 3], "end", 0.8, (2, k)) for k in range(9)]
    alone = [write_all(engine, [one])[0].trace.ids for one in requests]
    assert [draft.trace.ids for draft in write_all(engine, requests)] == alone


def test_a_greedy_draft_is_what_generate_writes(engine, folder):
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder).eval()
    ids = tokenizer("<|user|>four<|assistant|>", return_tensors="pt").input_ids
    with torch.inference_mode():
        whole = model.generate(input_ids=ids, do_sample=False, max_new_tokens=40)[0, ids.shape[1] :].tolist()
    [draft] = write_all(engine, [Request("four", (), "end", 0.0, (1, 1))])
    assert list(draft.trace.ids) == [token for token in whole if token != 0]


def test_a_step_ends_with_the_blank_line_wherever_tokens_cut_it(engine):
    ends_with = engine._at_boundary
    line, blank = engine._opened.tokenizer("\n").input_ids, engine._opened.tokenizer("one\n\n").input_ids
    assert ends_with(blank)
    assert ends_with([*line, *line])
    assert not ends_with(line)
