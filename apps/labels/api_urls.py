"""Addresses of the labels API, below /api/t/<team>/."""

from __future__ import annotations

from django.urls import path

from apps.labels import api

app_name = "labels_api"

urlpatterns = [
    path("runs/<int:run>/labels", api.run_labels, name="run_labels"),
    path("runs/<int:run>/steps/<int:number>/labels", api.step_labels, name="step_labels"),
]
