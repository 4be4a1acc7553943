"""Addresses of the tree API, below /api/t/<team>/."""

from __future__ import annotations

from django.urls import path

from apps.trees import api, comments, looking_api, search_api

app_name = "trees_api"

urlpatterns = [
    path("runs/<int:run>/tree", api.run_tree, name="run_tree"),
    path("runs/<int:run>/comments", comments.run_comments, name="run_comments"),
    path("runs/<int:run>/steps", api.run_steps, name="run_steps"),
    path("runs/<int:run>/steps/<int:number>/tokens", api.run_step_tokens, name="run_step_tokens"),
    path("runs/<int:run>/steps/<int:number>/spent", looking_api.run_step_spent, name="run_step_spent"),
    path("runs/<int:run>/search", search_api.run_search, name="run_search"),
    path("runs/<int:run>/overlays", looking_api.run_overlays, name="run_overlays"),
    path("runs/<int:run>/overlays/<slug:key>", looking_api.run_overlay, name="run_overlay"),
    path("runs/<int:run>/visits", looking_api.run_visits, name="run_visits"),
    path("runs/<int:run>/events", looking_api.run_events, name="run_events"),
    path("runs/<int:run>/events/<int:seq>", looking_api.run_event, name="run_event"),
]
