"""Addresses of labelling, below /t/<team>/."""

from __future__ import annotations

from django.urls import URLPattern, path

from apps.labels import (
    cost_views,
    guideline_views,
    guideline_writing,
    label_views,
    quality_views,
    queue_new_page,
    queue_steering_views,
    queue_views,
    record_views,
    settling_rules_views,
    settling_views,
)

app_name = "labelling"

urlpatterns: list[URLPattern] = [
    path("labelling/", queue_views.queues, name="queues"),
    path("labelling/queues/new/", queue_new_page.new_queue, name="new_queue"),
    path("labelling/queues/<int:queue>/", queue_views.queue, name="queue"),
    path("labelling/queues/<int:queue>/state/", queue_steering_views.queue_state, name="queue_state"),
    path("labelling/queues/<int:queue>/members/", queue_steering_views.queue_members, name="queue_members"),
    path("labelling/queues/<int:queue>/rate/", queue_steering_views.queue_rate, name="queue_rate"),
    path("labelling/queues/<int:queue>/settings/", queue_steering_views.queue_settings, name="queue_settings"),
    path("labelling/queues/<int:queue>/gold/", queue_views.queue_gold, name="queue_gold"),
    path("labelling/queues/<int:queue>/gold/change/", queue_steering_views.make_gold, name="make_gold"),
    path("labelling/queues/<int:queue>/label/", label_views.label, name="label"),
    path("labelling/turns/<int:assignment>/", label_views.assignment, name="assignment"),
    path("labelling/records/<int:run>/", record_views.record, name="record"),
    path("labelling/guidelines/", guideline_views.guidelines, name="guidelines"),
    path("labelling/guidelines/new/", guideline_writing.new_guideline, name="new_guideline"),
    path("labelling/guidelines/preview/", guideline_views.preview_guideline, name="preview_guideline"),
    path("labelling/guidelines/<int:guideline>/", guideline_views.guideline, name="guideline"),
    path("labelling/guidelines/<int:guideline>/new/", guideline_writing.new_version, name="new_version"),
    path("labelling/guidelines/<int:guideline>/words/", guideline_views.guideline_words, name="guideline_words"),
    path(
        "labelling/guidelines/<int:guideline>/versions/<int:number>/",
        guideline_views.guideline_version,
        name="guideline_version",
    ),
    path(
        "labelling/guidelines/<int:guideline>/versions/<int:number>/read/",
        guideline_views.read_guideline,
        name="read_guideline",
    ),
    path("labelling/settling/", settling_views.settling, name="settling"),
    path("labelling/settled/", settling_views.settled, name="settled"),
    path("labelling/settling/<int:run>/<int:number>/", settling_views.settle, name="settle"),
    path("labelling/settling/queues/<int:queue>/", settling_rules_views.settle_by_rule, name="settle_by_rule"),
    path("labelling/quality/", quality_views.quality, name="quality"),
    path("labelling/quality/people/<int:labeller>/", quality_views.labeller, name="labeller"),
    path("labelling/cost/", cost_views.cost, name="cost"),
    path("labelling/cost/file/", cost_views.cost_file, name="cost_file"),
]
