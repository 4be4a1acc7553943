"""What a page's modules import, told before the page asks: complete, nothing besides, and a missing one is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template

from apps.common.module_graph import modules_of

STATIC = Path(settings.STATICFILES_DIRS[0])
ENTRIES = sorted(f"js/pages/{path.name}" for path in (STATIC / "js" / "pages").glob("*.js"))


@pytest.mark.parametrize("entry", ENTRIES)
def test_every_module_that_is_named_in_a_static_import_is_there_once(entry: str) -> None:
    found = modules_of(entry)
    assert found[0] == entry
    assert len(found) == len(set(found))
    for name in found:
        # Read in another way than the code does: every quoted relative address behind "from", wherever it stands.
        for address in re.findall(r'from\s+"(\.[^"]+)"', (STATIC / name).read_text(encoding="utf-8")):
            module = (STATIC / name).parent.joinpath(address).resolve().relative_to(STATIC.resolve()).as_posix()
            assert module in found


def test_a_module_that_is_not_there_is_refused_by_name() -> None:
    with pytest.raises(LookupError, match=r"js/pages/nowhere\.js"):
        modules_of("js/pages/nowhere.js")


def test_the_page_is_given_a_link_a_module() -> None:
    written = Template('{% load import_map %}{% module_preloads "js/pages/problem.js" %}').render(Context())
    links = re.findall(r'<link rel="modulepreload" href="/static/([^"]+)">', written)
    assert tuple(links) == modules_of("js/pages/problem.js")
