"""Addresses of the labels API, below /api/t/<team>/."""

from __future__ import annotations

from django.urls import path

from apps.labels import api, bulk_api, queue_api, settling_api, turn_api

app_name = "labels_api"

urlpatterns = [
    path("labels", bulk_api.labels, name="labels"),
    path("labels/withdraw", bulk_api.withdraw, name="withdraw"),
    path("prelabels", bulk_api.give_prelabels, name="prelabels"),
    path("runs/<int:run>/labels", api.run_labels, name="run_labels"),
    path("runs/<int:run>/steps/<int:number>/labels", api.step_labels, name="step_labels"),
    path("labelling/queues", queue_api.queues, name="queues"),
    path("labelling/queues/<int:queue>", queue_api.one_queue, name="queue"),
    path("labelling/queues/<int:queue>/state", queue_api.queue_state, name="queue_state"),
    path("labelling/queues/<int:queue>/members", queue_api.members, name="queue_members"),
    path("labelling/queues/<int:queue>/next", turn_api.next_turn, name="next_turn"),
    path("labelling/turns/<int:assignment>", turn_api.one_turn, name="turn"),
    path("labelling/turns/<int:assignment>/labels", turn_api.give_label, name="turn_labels"),
    path("labelling/turns/<int:assignment>/state", turn_api.set_state, name="turn_state"),
    path("labelling/turns/<int:assignment>/lease", turn_api.renew, name="turn_lease"),
    path("labelling/turns/<int:assignment>/own-steps", turn_api.give_own_step, name="turn_own_steps"),
    path("labelling/turns/<int:assignment>/alternatives", turn_api.alternatives, name="turn_alternatives"),
    path("labelling/turns/<int:assignment>/critiques", turn_api.critiques, name="turn_critiques"),
    path("labelling/turns/<int:assignment>/critiques/<int:label>", turn_api.give_rating, name="turn_critique"),
    path("runs/<int:run>/steps/<int:number>/adjudications", settling_api.adjudications, name="adjudications"),
]
