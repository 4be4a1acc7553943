"""The only module that knows names of Celery tasks; it carries no data: a message says "there is work" and no more."""

from __future__ import annotations

import logging

from celery import current_app
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def hint() -> None:
    """Tell the workers that runs wait.

    A broker that cannot be reached is logged and no error: the waiting row is the truth, and beat says it again."""
    try:
        current_app.send_task("search.work", ignore_result=True)
    except OperationalError as error:
        logger.warning("The broker could not be told that runs wait (%s); a worker finds them by itself.", error)
