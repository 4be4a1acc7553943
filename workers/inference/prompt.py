"""Turns a question into the tokens a model is asked with; it adds no instruction of its own."""

from __future__ import annotations

from typing import Any


def prompt_ids(tokenizer: Any, question: str) -> tuple[int, ...]:
    """The chat template's user turn where the tokenizer has a template, else the plain question and a line end."""
    if getattr(tokenizer, "chat_template", None):
        turn = [{"role": "user", "content": question}]
        return tuple(tokenizer.apply_chat_template(turn, add_generation_prompt=True, tokenize=True, return_dict=False))
    return tuple(tokenizer(question.rstrip("\n") + "\n").input_ids)
