"""What a page says of its modules beforehand: where plain addresses lead and what it will ask for; it rewrites none."""

from __future__ import annotations

import json
from typing import Any

from django import template
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apps.common.module_graph import modules_of

register = template.Library()


class _ScriptJson:
    """JSON that can stand inside a script element, where HTML escapes would be read as they are."""

    def __init__(self, value: Any) -> None:
        self.text = json.dumps(value, sort_keys=True, separators=(",", ":"))

    def __html__(self) -> str:
        return self.text.replace("<", "\\u003C").replace(">", "\\u003E").replace("&", "\\u0026")


@register.simple_tag(takes_context=True)
def import_map(context: template.Context) -> SafeString:
    """Write the script element, with the nonce of this answer.

    Modules import one another by relative addresses. A manifest storage serves them under names with a digest, and
    the map leads from one to the other; where there is no manifest, the plain names are served and the map is empty.
    """
    # Only a manifest storage has this; it is filled by collectstatic.
    hashed: dict[str, str] = getattr(staticfiles_storage, "hashed_files", {})
    modules = [name for name in hashed if name.startswith("js/") and name.endswith(".js")]
    imports = {f"{settings.STATIC_URL}{name}": static(name) for name in modules}
    return format_html(
        '<script type="importmap" nonce="{}">{}</script>',
        context["request"].csp_nonce,
        _ScriptJson({"imports": imports}),
    )


@register.simple_tag
def module_preloads(entry: str) -> SafeString:
    """Links by which a browser asks for a module and all that it imports at once.

    entry: such as "js/pages/run.js". Without them it learns of each from the one that imports it, one after the other:
    of the tree page's modules a chain of six. Raises LookupError for a module that is not there.
    """
    addresses = ((static(name),) for name in modules_of(entry))
    return format_html_join("\n", '<link rel="modulepreload" href="{}">', addresses)
