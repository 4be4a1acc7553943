"""The list of measurements, one entry each; nothing is looked up in folders."""

from __future__ import annotations

from tests.bench import (
    accuracy,
    agreement,
    core,
    demo,
    engine,
    ingest,
    labelling_page,
    labels,
    live,
    picture,
    resume,
    scorer,
    search,
    trees,
    weight,
)
from tests.bench.figures import Measurement

MEASUREMENTS = (
    Measurement(("ingest_ratio", "ingest_steps_per_s"), ingest.figures),
    Measurement(("core_steps_per_s",), core.figures),
    Measurement(
        ("accuracy_single", "accuracy_majority16", "accuracy_prm_best16", "accuracy_prm_beam16"), accuracy.figures
    ),
    Measurement(("scorer_reuse_beam", "search_with_scorer"), scorer.figures),
    Measurement(("prefix_reuse_beam", "search_vs_generate"), engine.search),
    Measurement(("search_vs_reencode",), engine.reencoded),
    Measurement(("ensemble_gain",), engine.ensemble),
    Measurement(("entropy_cost",), engine.entropy),
    Measurement(("same_tree_share",), engine.trees),
    Measurement(("resume_s",), resume.figures),
    Measurement(("live_lag_ms_p95",), live.figures),
    Measurement(
        (
            *(
                f"tree_{what}_{size}"
                for size in picture.SHORT.values()
                for what in ("first_paint_ms", "frame_p95_ms", "collapse_ms")
            ),
            "tree_heap_mb_100k",
            "tree_heap_mb_1m",
        ),
        picture.figures,
    ),
    Measurement(("page_weight_kb",), weight.figures),
    Measurement(
        ("tree_server_ms_100k", "tree_bytes_100k", "overlay_server_ms_100k", "events_server_ms_100k"), trees.whole
    ),
    Measurement(("tree_server_ms_1m",), trees.a_million),
    Measurement(("branch_text_ms_5m", "subtree_text_ms_5m"), trees.parts),
    Measurement(("search_tree_ms_100k",), search.in_a_tree),
    Measurement(("search_team_ms_1m", "search_index_steps_per_s", "search_index_bytes_a_step"), search.in_a_team),
    Measurement(("agreement_ms_1m",), agreement.figures),
    Measurement(("label_save_ms_p95_1", "label_save_ms_p95_8", "label_save_per_s_8"), labels.figures),
    Measurement(("label_open_ms_200", "label_open_ms_1000", "label_next_ms"), labelling_page.figures),
    Measurement(("demo_ready_s", "start_again_s"), demo.starts),
)
