"""Addresses of the tree page, below /t/<team>/."""

from __future__ import annotations

from django.urls import path

from apps.trees import beside_page, views

app_name = "trees"

urlpatterns = [
    path("runs/<int:run>/", views.run, name="run"),
    path("runs/<int:run>/facts/", views.run_facts, name="run_facts"),
    path("runs/<int:run>/steps/<int:number>/", views.run, name="step"),
    path("runs/<int:run>/beside/<int:other>/", beside_page.beside, name="beside"),
]
