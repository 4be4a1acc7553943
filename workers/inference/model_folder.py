"""Opens a Hugging Face model folder for engines and scorers; it downloads nothing, runs no code from the folder,
reads no pickles."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

from workers.search.events import Maker, MakerKind

DTYPES = ("auto", "float32", "bfloat16", "float16")
DEVICES = ("auto", "cpu", "cuda")
ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "fixtures" / "models"
Head = Literal["AutoModelForCausalLM", "AutoModelForTokenClassification"]


class BadFolder(ValueError):
    """The folder or the machine cannot serve the model; the text says what was expected, what was found and what to
    do."""


@dataclass(frozen=True)
class OpenedModel:
    """A model in evaluation mode on its device, with its tokenizer; `dtype` is a name such as float32, `room` how many
    tokens a text may have."""

    folder: Path
    model: Any
    tokenizer: Any
    device: str
    dtype: str
    room: int

    def maker(self, kind: MakerKind, key: str, plugin_version: int, more: Mapping[str, Any]) -> Maker:
        """Who makes numbers with this model: its name, revision, dtype, device, library versions and `more`."""
        arguments = {
            "model": self.folder.name,
            "dtype": self.dtype,
            "device": self.device,
            "torch": version("torch"),
            "transformers": version("transformers"),
            **more,
        }
        return Maker(kind, key, str(plugin_version), revision(self.folder), json.dumps(arguments, sort_keys=True))


def revision(folder: Path) -> str:
    """sha256 over the bytes of the folder's weights, in the order of their names: the same weights have the same
    revision anywhere."""
    digest = hashlib.sha256()
    for weights in sorted(folder.glob("*.safetensors")):
        with weights.open("rb") as opened:
            while block := opened.read(1 << 22):
                digest.update(block)
    return digest.hexdigest()


def open_model(folder: str, head: Head, device: str, dtype: str, threads: int) -> OpenedModel:
    """The model of `folder`, counted from the project's root, through AutoTokenizer and the AutoModel class `head`.

    device: auto is cuda where there is one, else cpu. dtype: auto is bfloat16 on cuda, float32 on cpu. threads: of
    torch on cpu, for the whole process. Raises BadFolder.
    """
    import torch
    import transformers
    from huggingface_hub.errors import StrictDataclassError
    from safetensors import SafetensorError

    place = ROOT / folder
    _check(place)
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    if device == "cuda" and not torch.cuda.is_available():
        raise BadFolder("Expected a CUDA device; torch found none. Choose device cpu or auto.")
    if dtype == "auto":
        dtype = "bfloat16" if device == "cuda" else "float32"
    # A worker's log is read by people; bars that redraw themselves are noise there.
    transformers.utils.logging.disable_progress_bar()
    safe: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(place, **safe)
        model = getattr(transformers, head).from_pretrained(
            place, use_safetensors=True, dtype=getattr(torch, dtype), **safe
        )
    except (OSError, ValueError, SafetensorError, StrictDataclassError) as failure:
        raise BadFolder(
            f"Expected a model that {head} can load with its tokenizer; {folder} gave: {failure} "
            "Save model and tokenizer there again."
        ) from failure
    room = _room(folder, model.config)
    if device == "cpu":
        torch.set_num_threads(threads)
    return OpenedModel(place, model.to(device).eval(), tokenizer, device, dtype, room)


def _room(folder: str, config: Any) -> int:
    """How many places the model counts; a model that counts none (it says nothing of them) has room for any text."""
    room = getattr(config.get_text_config(), "max_position_embeddings", 1 << 30)
    if not isinstance(room, int) or room < 1:
        raise BadFolder(
            f"Expected max_position_embeddings in {folder}/config.json to be a whole number of at least 1; found "
            f"{json.dumps(room)}. Write there how many tokens the model can hold."
        )
    return room


def _check(folder: Path) -> None:
    if not (folder / "config.json").is_file():
        raise BadFolder(
            f"Expected a Hugging Face model folder with config.json; found none in {folder}. Name another folder."
        )
    if not any(folder.glob("*.safetensors")):
        raise BadFolder(
            f"Expected weights as *.safetensors; found none in {folder}. Save the model with safe serialization."
        )
