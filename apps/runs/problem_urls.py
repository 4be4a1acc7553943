"""Addresses of problem sets and problems, below /t/<team>/.

They stand here and not in apps.problems, because a set is shown with its runs, of which that app knows nothing.
"""

from __future__ import annotations

from django.urls import path

from apps.problems import views as changes
from apps.runs import problem_pages

app_name = "problems"

urlpatterns = [
    path("problems/", problem_pages.sets, name="sets"),
    path("problems/import/", changes.import_page, name="import"),
    path("problems/<slug:problem_set>/", problem_pages.problem_set, name="set"),
    path("problems/<slug:problem_set>/describe/", changes.describe, name="describe"),
    path("problems/<slug:problem_set>/delete/", changes.delete, name="delete"),
    path("problems/<slug:problem_set>/<int:position>/", problem_pages.problem, name="problem"),
]
