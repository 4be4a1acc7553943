"""The address of a team's search, below /t/<team>/."""

from __future__ import annotations

from django.urls import path

from apps.trees import search_page

app_name = "search"

urlpatterns = [path("search/", search_page.search, name="search")]
