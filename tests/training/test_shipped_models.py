"""The two shipped models are ordinary Hugging Face folders, small, and say what they are."""

import json

import pytest

from workers.inference.model_folder import SHIPPED

torch = pytest.importorskip("torch")
pytestmark = [pytest.mark.torch, pytest.mark.slow_models]

HEADS = {"tiny-policy": "AutoModelForCausalLM", "tiny-prm": "AutoModelForTokenClassification"}


@pytest.mark.parametrize("name", HEADS)
def test_it_loads_through_the_auto_classes_without_any_code_of_its_own(name):
    import transformers

    options = {"local_files_only": True, "trust_remote_code": False}
    model = getattr(transformers, HEADS[name]).from_pretrained(SHIPPED / name, use_safetensors=True, **options)
    tokenizer = transformers.AutoTokenizer.from_pretrained(SHIPPED / name, **options)
    text = "8?2?6=43\n8-2=6\nAnswer: -*\n"
    ids = tokenizer(text).input_ids
    assert tokenizer.unk_token_id not in ids
    assert tokenizer.decode(ids) == text
    assert model(torch.tensor([ids])).logits.shape[:2] == (1, len(ids))


@pytest.mark.parametrize("name", HEADS)
def test_its_weights_are_safetensors_alone_and_its_files_small(name):
    files = {path.name: path.stat().st_size for path in (SHIPPED / name).iterdir()}
    assert {"config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json", "README.md"} <= set(files)
    assert not [file for file in files if file.endswith((".bin", ".pt", ".pkl", ".py"))]
    assert max(files.values()) < 5_000_000


@pytest.mark.parametrize("name", HEADS)
def test_its_card_names_data_recipe_seed_and_figures(name):
    card = (SHIPPED / name / "README.md").read_text()
    recipe = json.loads((SHIPPED / name / "recipe.json").read_text())
    for heading in ("## Data", "## Recipe", "## Figures", "## Limits", "## Licence"):
        assert heading in card
    assert f"--steps {recipe['steps']} --seed {recipe['seed']}" in card


def test_the_prm_says_in_its_own_config_how_it_is_read():
    config = json.loads((SHIPPED / "tiny-prm" / "config.json").read_text())
    assert config["step_separator"] == "\n"
    assert config["label2id"] == {"bad": 0, "good": 1}


def test_the_prms_card_says_what_its_labels_were():
    assert "trained on exactly checked step labels" in (SHIPPED / "tiny-prm" / "README.md").read_text()
