"""No list can be asked about columns it does not show: every path of fields from its models is refused or ignored."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db.models import Model

from apps.accounts.models import User
from tests.attacks.asking import told
from tests.attacks.examples import values
from tests.attacks.routes import Route, team_routes
from tests.attacks.world import World

pytestmark = pytest.mark.django_db
DEPTH = 3
# Names by which a filter, an order or an annotation could be reached where names come from outside.
TRICKS = {
    "_connector": "OR 1=1 OR",
    "_negated": "1",
    "pk__in": "1",
    "id__gt": "0",
    "team": "1",
    "team__isnull": "false",
    "order_by": "created_by__password",
    "ordering": "-created_by__password",
    "sort": "created_by__password",
    "fields": "password",
    "format": "api",
    'a" OR "a': "1",
    "a.b;--": "1",
    "bypass_filter": "true",
    "__proto__": "1",
}
A_REQUEST = 40  # names in one address; hundreds of requests for a list would take minutes


def paths(model: type[Model], depth: int = DEPTH) -> Iterator[str]:
    """Every path of concrete and reverse fields from a model, relations followed to `depth`."""
    for field in model._meta.get_fields():
        yield field.name
        related = getattr(field, "related_model", None)
        if depth > 1 and isinstance(related, type):
            yield from (f"{field.name}__{rest}" for rest in paths(related, depth - 1))


def leading_to_secrets() -> list[str]:
    """Paths from any model that end at a secret, as a regular expression, a beginning and a range would ask for it."""
    secret = ("password", "token_sha256", "secret_sha256", "email", "session_round")
    found = {
        path
        for model in apps.get_models()
        if model.__module__.startswith("apps.")
        for path in paths(model)
        if path.rpartition("__")[2] in secret
    }
    return sorted(found)


LISTS = [
    pytest.param(route, id=str(route))
    for route in team_routes()
    if not route.things and getattr(route.view, "verb", "") in {"look", "people", "tokens", "import"}
]
SECRETS = leading_to_secrets()


def test_there_are_paths_and_lists_to_try() -> None:
    assert "created_by__password" in SECRETS
    assert any(path.count("__") == DEPTH - 1 for path in SECRETS)
    assert len(LISTS) >= 5


@pytest.mark.parametrize("route", LISTS)
def test_a_true_and_a_false_guess_at_a_secret_are_answered_alike(route: Route, world: World) -> None:
    address = route.address(values(route, world))
    secret = User.objects.get(email="owner@example.org").password
    for start in range(0, len(SECRETS), A_REQUEST):
        some = SECRETS[start : start + A_REQUEST]
        for lookup in ("", "__startswith", "__regex", "__gte"):
            answers = []
            for guess in (secret[:8], "zzzzzzzz"):
                cache.clear()
                query = "&".join(f"{path}{lookup}={guess}" for path in some)
                answer = world.owner.ask("GET", f"{address}?{query}")
                answers.append(told(answer, guess))
                assert answer.status_code in {200, 302, 400, 405}
            assert answers[0] == answers[1], (lookup, some)


@pytest.mark.parametrize("route", LISTS)
@pytest.mark.parametrize("name", TRICKS)
def test_names_that_mean_something_to_a_database_mean_nothing_to_a_list(route: Route, world: World, name: str) -> None:
    address = route.address(values(route, world))
    cache.clear()
    answer = world.owner.ask("GET", f"{address}?{name}={TRICKS[name]}")
    assert answer.status_code in {200, 302, 400, 405}
    assert not world.betrayed(told(answer)[3])
