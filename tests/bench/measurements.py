"""The list of measurements, one entry each; nothing is looked up in folders."""

from __future__ import annotations

from tests.bench import core, demo, ingest
from tests.bench.figures import Measurement

MEASUREMENTS = (
    Measurement(("ingest_ratio", "ingest_steps_per_s"), ingest.figures),
    Measurement(("core_steps_per_s",), core.figures),
    Measurement(("demo_ready_s", "start_again_s"), demo.starts),
)
