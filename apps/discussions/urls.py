"""Addresses of discussions and mentions, below /t/<team>/."""

from __future__ import annotations

from django.urls import path

from apps.discussions import views

app_name = "discussions"

urlpatterns = [
    path("mentions/", views.mentions, name="mentions"),
    path("mentions/seen/", views.seen, name="seen"),
    path("discussions/preview/", views.preview, name="preview"),
    path("discussions/threads/<int:thread>/about/", views.thread, name="thread"),
    path("discussions/comments/<int:comment>/history/", views.history, name="history"),
    path("discussions/<str:kind>/<str:key>/", views.about, name="about"),
]
