"""What the faults act on: a running installation, its database and its publishing site."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from tests.faults.matrix.kinds import Kind
from tests.faults.matrix.load import Load
from tests.faults.matrix.plan import Plan
from tests.faults.matrix.webhooks import Inbox
from tests.installation import Installation


@dataclass(frozen=True, slots=True)
class Happened:
    """One fault, from its beginning until what was broken was put right."""

    kind: Kind
    began: datetime
    ended: datetime
    alone: bool
    """Whether nothing else went wrong just before and after."""
    hit: bool | None = None
    """Whether it hit in mid-batch; None where that was not the aim."""


@dataclass
class Scene:
    """One run against one database."""

    plan: Plan
    desk: Installation
    load: Load
    inbox: Inbox
    crash_database: Callable[[], None]
    lease: float
    """Seconds."""
    happened: list[Happened] = field(default_factory=list)
    poison: list[str] = field(default_factory=list)
    """External ids."""
    revived: list[str] = field(default_factory=list)
    """Programs that ended by themselves and were started again."""

    @property
    def sqlite_file(self) -> Path:
        return self.desk.folder / "copydesk.sqlite3"
