"""Experiments over HTTP: launched, listed, looked at; every address is checked by the team's gate."""

from __future__ import annotations

from typing import cast

from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.gate import by_method, hidden_from, team_api
from apps.accounts.models import Team, User
from apps.problems.filters import read_filter
from apps.problems.selectors import problem_set_of
from apps.runs.experiment_table import read_experiment_table
from apps.runs.launching import launch_experiment
from apps.runs.list_page import page_of_experiments
from apps.runs.selectors import experiments_of, figures_of
from apps.runs.serializers import GivenLaunch, experiment_as_json


@team_api("launch", methods=("POST",))
def launch(request: Request, team: Team) -> Response:
    """Launch an experiment and answer with it (201); the workers are told. Sent again with the same `key`, it is the
    same experiment; 409 where something else was launched with that key."""
    given = GivenLaunch(data=request.data)
    given.is_valid(raise_exception=True)
    wanted = dict(given.validated_data)
    experiment = launch_experiment(
        team=team,
        problem_set=problem_set_of(team, wanted.pop("problems")),
        problem_filter=read_filter(wanted.pop("filter", {})),
        parameters=wanted.pop("parameters", {}),
        created_by=cast(User, request.user),
        **wanted,
    )
    return Response(experiment_as_json(experiment, figures_of([experiment])[experiment.pk]), status=201)


@team_api("look")
def listed(request: Request, team: Team) -> Response:
    """A page of the team's experiments, by the grammar of the list's own address: kind, state, text, sort, page."""
    table = read_experiment_table(request.query_params)
    counts = table.kind_counts(team)
    page = page_of_experiments(team, table, sum(counts[kind] for kind in table.kinds), hidden_from(request))
    shown = list(page)
    figures = figures_of(shown, hidden_from(request))
    for experiment in shown:
        experiment.team = team  # the very team; its slug stands in the address without another query
    rows = [experiment_as_json(experiment, figures[experiment.pk]) for experiment in shown]
    return Response(
        {"experiments": rows, "page": page.number, "pages": page.paginator.num_pages, "count": page.paginator.count}
    )


@team_api("look")
def experiment(request: Request, team: Team, *, experiment: int) -> Response:
    """One experiment of the team with its figures."""
    found = get_object_or_404(experiments_of(team), pk=experiment)
    found.team = team
    return Response(experiment_as_json(found, figures_of([found], hidden_from(request))[found.pk]))


experiments = by_method(GET=listed, POST=launch)
