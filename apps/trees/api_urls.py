"""Addresses of the tree API, below /api/t/<team>/."""

from __future__ import annotations

from django.urls import path

from apps.trees import api

app_name = "trees_api"

urlpatterns = [
    path("runs/<int:run>/tree", api.run_tree, name="run_tree"),
    path("runs/<int:run>/steps", api.run_steps, name="run_steps"),
    path("runs/<int:run>/steps/<int:number>/tokens", api.run_step_tokens, name="run_step_tokens"),
]
