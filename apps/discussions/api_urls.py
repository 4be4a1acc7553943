"""Addresses of the discussions API, below /api/t/<team>/."""

from __future__ import annotations

from django.urls import path

from apps.discussions import api

app_name = "discussions_api"

urlpatterns = [
    path("discussions/people", api.people, name="people"),
    path("discussions/threads/<int:thread>/comments", api.replies, name="replies"),
    path("discussions/threads/<int:thread>/resolved", api.resolve, name="resolve"),
    path("discussions/comments/<int:comment>/edit", api.edit, name="edit"),
    path("discussions/comments/<int:comment>/delete", api.delete, name="delete"),
    path("discussions/comments/<int:comment>/seen", api.seen, name="seen"),
    path("discussions/<str:kind>/<str:key>/threads", api.threads, name="threads"),
]
