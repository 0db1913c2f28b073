"""The kinds of faults, each with what is done."""

from enum import StrEnum


class Kind(StrEnum):
    """What goes wrong."""

    CHILD_KILLED = "worker child killed"
    WORKER_KILLED = "worker killed"
    RETRY_KILLED = "retry worker killed"
    SENDER_KILLED = "webhook sender killed"
    WORKERS_FROZEN = "workers frozen"
    REDIS_EMPTIED = "Valkey killed, back empty"
    REDIS_AWAY = "Valkey away"
    REDIS_FROZEN = "Valkey frozen"
    DATABASE = "database"
    WEB_KILLED = "web killed"
    BEAT_KILLED = "beat killed"
    DUPLICATES = "duplicated messages"
    ROLLING_RESTART = "rolling restart"
    POISON_ABORT = "poison: abort"
    POISON_SEGFAULT = "poison: segfault"
    POISON_RAISE = "poison: exception"
    POISON_LOOP = "poison: endless loop"
    POISON_MEMORY = "poison: no memory"
    POISON_KILLED = "poison: OOM kill"

    @property
    def is_poison(self) -> bool:
        """Whether it is a comment that breaks the classifier."""
        return self.value.startswith("poison")
