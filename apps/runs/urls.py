"""Addresses of experiments, below /t/<team>/."""

from __future__ import annotations

from django.urls import path

from apps.runs import experiment_page, fork_page, launch_page, list_page, views

app_name = "runs"

urlpatterns = [
    path("experiments/", list_page.experiments, name="experiments"),
    path("experiments/new/", launch_page.new, name="new"),
    path("experiments/<int:experiment>/", experiment_page.experiment, name="experiment"),
    path("experiments/<int:experiment>/pause/", views.change, {"how": "pause"}, name="pause"),
    path("experiments/<int:experiment>/resume/", views.change, {"how": "resume"}, name="resume"),
    path("experiments/<int:experiment>/cancel/", views.change, {"how": "cancel"}, name="cancel"),
    path("runs/<int:run>/fork/", fork_page.fork, name="fork"),
]
