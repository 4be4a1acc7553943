"""Addresses of the runs API, below /api/t/<team>/."""

from __future__ import annotations

from django.urls import path

from apps.runs import api, launch_api

app_name = "runs_api"

urlpatterns = [
    path("experiments", launch_api.experiments, name="experiments"),
    path("experiments/<int:experiment>", launch_api.experiment, name="experiment"),
    path("experiments/<int:experiment>/pause", api.change, {"how": "pause"}, name="pause"),
    path("experiments/<int:experiment>/resume", api.change, {"how": "resume"}, name="resume"),
    path("experiments/<int:experiment>/cancel", api.change, {"how": "cancel"}, name="cancel"),
    path("runs/<int:run>/forks", api.forks, name="forks"),
]
