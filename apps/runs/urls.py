"""Addresses of experiments, below /t/<team>/."""

from __future__ import annotations

from django.urls import path

from apps.runs import views

app_name = "runs"

urlpatterns = [
    path("experiments/", views.experiments, name="experiments"),
    path("experiments/<int:experiment>/", views.experiment, name="experiment"),
]
