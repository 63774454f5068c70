"""Beat says in Redis that it lives: nothing else of it can be seen from outside."""

from __future__ import annotations

import os
import time
from typing import Any

from celery.signals import after_task_publish, beat_init

from config.settings import Settings
from service.adapters.queue import BEAT_KEPT_SECONDS, BEAT_KEY
from service.adapters.redis_client import RedisFailure, connect


def _say_so(**_: Any) -> None:
    client = connect(Settings.from_env(os.environ).redis_url)

    def note(**_: Any) -> None:
        try:
            client.set(BEAT_KEY, str(time.time()), ex=BEAT_KEPT_SECONDS)
        except RedisFailure:
            return  # beat could not have sent anything either

    # Kept by name: a signal holds its receivers weakly.
    after_task_publish.connect(note, weak=False, dispatch_uid="parley pulse")


beat_init.connect(_say_so, weak=False)
