"""Addresses of the dataset pages, below /t/<team>/."""

from __future__ import annotations

from django.urls import path

from apps.datasets import views

app_name = "datasets"

urlpatterns = [
    path("datasets/", views.datasets, name="datasets"),
    path("datasets/freeze/", views.freeze, name="freeze"),
    path("datasets/<int:number>/", views.snapshot, name="snapshot"),
    path("datasets/<int:number>/exports/", views.export, name="export"),
    path("datasets/<int:number>/exports/<int:export>/", views.export_file, name="export_file"),
]
