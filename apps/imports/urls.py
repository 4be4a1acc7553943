"""Addresses of the imports page; mounted below a team."""

from __future__ import annotations

from django.urls import path

from apps.imports import views

app_name = "imports"
urlpatterns = [path("imports/", views.imports, name="imports")]
