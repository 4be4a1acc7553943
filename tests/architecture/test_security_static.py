"""What must not be written anywhere in the house, found in the syntax tree; each rule is shown to find its breach."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.architecture.source import dotted, name, parsed, python_files

UNSAFE_LOADERS = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve"}
QUERY_WORDS = {"filter", "exclude", "annotate", "alias", "get", "order_by", "values", "values_list", "extra", "create"}
EVALUATORS = {"eval", "exec", "compile", "__import__"}
SHELLS = {"os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput", "commands.getoutput"}
UNESCAPED = {"mark_safe", "SafeText", "csrf_exempt"}
RAW_QUERIES = {"extra", "RawSQL"}

Finder = Callable[[ast.AST], bool]


def is_keyword(node: ast.AST, word: str, value: object) -> bool:
    """Whether a call passes `word=value`, written out or in a dict."""
    if isinstance(node, ast.keyword) and node.arg == word:
        return isinstance(node.value, ast.Constant) and node.value.value == value
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return any(
            isinstance(k, ast.Constant) and k.value == word and isinstance(v, ast.Constant) and v.value == value
            for k, v in pairs
        )
    return False


def runs_a_shell(node: ast.AST) -> bool:
    return is_keyword(node, "shell", True) or (isinstance(node, ast.Call) and dotted(node.func) in SHELLS)


def trusts_remote_code(node: ast.AST) -> bool:
    if isinstance(node, ast.keyword) and node.arg == "trust_remote_code":
        return not (isinstance(node.value, ast.Constant) and node.value.value is False)
    return is_keyword(node, "trust_remote_code", True)


def unpickles(node: ast.AST) -> bool:
    if isinstance(node, ast.Import):
        return any(alias.name.split(".")[0] in UNSAFE_LOADERS for alias in node.names)
    return isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in UNSAFE_LOADERS


def loads_unsafely(node: ast.AST) -> bool:
    called = dotted(node.func) if isinstance(node, ast.Call) else ""
    return called in {"yaml.load", "yaml.unsafe_load", "yaml.full_load", "torch.load"}


def evaluates(node: ast.AST) -> bool:
    # Only the builtins: model.eval() and re.compile() are attributes of something else.
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in EVALUATORS


def marks_safe(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom):
        return any(alias.name in UNESCAPED for alias in node.names)
    if isinstance(node, ast.Call) and dotted(node.func).split(".")[-1] == "SafeString":
        return True
    return isinstance(node, ast.Attribute) and node.attr in UNESCAPED


def opens_a_query(node: ast.AST) -> bool:
    """A query whose field names come from a mapping or a list that is no constant of the module."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    if node.func.attr in RAW_QUERIES:
        return True
    if node.func.attr not in QUERY_WORDS - {"create"}:
        return False
    spread = [word.value for word in node.keywords if word.arg is None]
    spread += [part.value for part in node.args if isinstance(part, ast.Starred)]
    return any(not (isinstance(part, ast.Name | ast.Attribute) and dotted(part).isupper()) for part in spread)


def holds_a_secret(node: ast.AST) -> bool:
    if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Constant):
        return False
    return (
        isinstance(node.value.value, str)
        and bool(node.value.value)
        and any(dotted(target) == "SECRET_KEY" for target in node.targets)
    )


RULES: dict[str, tuple[Finder, str]] = {
    "no shell": (runs_a_shell, "subprocess.run(line, shell=True)"),
    "no remote code": (trusts_remote_code, "Model.from_pretrained(x, trust_remote_code=given)"),
    "no pickle": (unpickles, "from pickle import loads"),
    "no unsafe loader": (loads_unsafely, "yaml.load(text)"),
    "no evaluation": (evaluates, "eval(text)"),
    "no unescaped text, no view without CSRF": (marks_safe, "from django.utils.safestring import mark_safe"),
    "no query by given names": (opens_a_query, "Run.objects.filter(**request.GET)"),
    "no secret in the code": (holds_a_secret, "SECRET_KEY = 'x'"),
}


def breaches(tree: ast.AST, finder: Finder) -> Iterator[int]:
    """Lines where `finder` strikes."""
    for node in ast.walk(tree):
        if finder(node):
            yield getattr(node, "lineno", 0)


@pytest.mark.parametrize("rule", RULES)
def test_nothing_in_the_house_breaks_the_rule(rule: str) -> None:
    finder, _ = RULES[rule]
    found = [
        f"{name(path)}:{line}"
        for path in python_files("apps", "workers", "client")
        for line in breaches(parsed(path), finder)
    ]
    assert found == []


@pytest.mark.parametrize("rule", RULES)
def test_a_breach_of_the_rule_is_found(rule: str) -> None:
    finder, breach = RULES[rule]
    assert list(breaches(ast.parse(breach), finder))


def pretrained_without_a_word(path: Path) -> list[str]:
    """Calls of from_pretrained that leave remote code to the library's default."""
    return [
        f"{name(path)}:{node.lineno}"
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
        and dotted(node.func).endswith(".from_pretrained")
        and not {word.arg for word in node.keywords} & {"trust_remote_code", None}
    ]


def test_every_model_is_loaded_with_remote_code_refused_in_words() -> None:
    assert [found for path in python_files("workers") for found in pretrained_without_a_word(path)] == []
