"""What every view of a web process needs: its runtime, and the threads that serve it."""

from dataclasses import dataclass
from typing import cast

from flask import current_app

from moderation.announcer import Announcer
from moderation.runtime import Runtime
from moderation.services.api_keys import Doorkeeper
from moderation.services.backlog import BacklogGauge
from moderation.services.intake import Intake
from moderation.waiters import Waiters

EXTENSION = "copydesk"


@dataclass(frozen=True, slots=True)
class Web:
    """The parts of one web process."""

    runtime: Runtime
    announcer: Announcer
    intake: Intake
    doorkeeper: Doorkeeper
    backlog: BacklogGauge
    waiters: Waiters

    def close(self) -> None:
        """Finish what the threads have in hand, in the order in which it flows."""
        self.intake.close()
        self.announcer.close()
        self.waiters.close()
        self.runtime.close()


def make_web(runtime: Runtime) -> Web:
    """Build the parts; their threads start at the first use, after any fork."""
    announcer = Announcer(runtime.broker)
    return Web(
        runtime=runtime,
        announcer=announcer,
        intake=Intake(runtime, announcer),
        doorkeeper=Doorkeeper(runtime),
        backlog=BacklogGauge(runtime),
        waiters=Waiters(runtime.broker),
    )


def web() -> Web:
    """Return the parts of the web process that serves this request."""
    return cast("Web", current_app.extensions[EXTENSION])
