"""Calls: the Celery tasks by name, and the settings that both sides of a call share."""

import ssl
from enum import StrEnum
from typing import Any

from celery import Celery


class Task(StrEnum):
    """The Celery tasks, by name; each has a queue of the same name."""

    CLASSIFY = "classify"
    RETRY = "retry"
    DELIVER = "deliver"
    SWEEP = "sweep"
    TIDY = "tidy"
    ASK = "ask"
    MAIL = "mail"
    BULK = "bulk"
    AUDIT = "audit"
    LEARN = "learn"


def make_celery(redis_url: str) -> Celery:
    """Return a Celery application that can send; the worker adds its own settings."""
    celery = Celery("copydesk", broker=redis_url, set_as_current=False)
    celery.conf.update(
        # Results would be one more copy in Redis, and nobody reads them.
        task_ignore_result=True,
        # Never pickle: whoever can write to Redis must not run code in a worker.
        task_serializer="json",
        accept_content=["json"],
        # A queue for each task, so that each kind of work has processes of its own to hold up; the
        # default only keeps Celery from making one more, named `celery`, that nobody reads.
        task_default_queue=Task.CLASSIFY.value,
        task_routes={task.value: {"queue": task.value} for task in Task},
        # A message is a hint: when Redis is away it is dropped at once, and the sweep rings later.
        task_publish_retry=False,
        # kombu tries for so many seconds to connect before a call fails, by itself for four. The
        # announcing thread rings, and ids that came meanwhile wait behind it.
        broker_connection_timeout=2,
        broker_transport_options={
            # Acknowledgements are emulated in Redis; with them a worker can wedge for good after
            # a Redis crash (the failed ack never frees its prefetch slot). Hints need none.
            "ack_emulation": False,
            # No call goes before another, and each step is one more Redis list for every queue:
            # a worker would wait at four, and `waiting_calls` count one of them.
            "priority_steps": [0],
            # By itself a call on a connection that broke without a word (a failover, a firewall)
            # waits for ever. A Redis that does not answer in so many seconds counts as away.
            "socket_timeout": 5,
            # Redis stands beside us; what does not connect in a second is tried again soon.
            "socket_connect_timeout": 1,
            # The connection for remote control is silent for hours: firewalls must not forget it,
            # and the kernel notices a dead machine where no timeout of ours applies.
            "socket_keepalive": True,
            # A waiting worker whose answer is overdue by so many seconds connects anew: on a dead
            # connection it then hangs for about 20 s, by default for 50, and is not called stuck.
            "health_check_interval": 10,
        },
        **_trust(redis_url),
    )
    return celery


def _trust(redis_url: str) -> dict[str, Any]:
    """Return what lets kombu check a certificate over TLS, and its name; by itself it does neither.

    What the address says (`?ssl_ca_certs=…`) takes the place of this, and leaves the check on.
    """
    if not redis_url.startswith("rediss://"):
        return {}
    return {"broker_use_ssl": {"ssl_cert_reqs": ssl.CERT_REQUIRED, "ssl_check_hostname": True}}
