"""How Hypothesis's state machines are run over a real database: the same examples every time."""

import os
from collections.abc import Callable

from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from moderation.runtime import Runtime
from moderation.storage.tables import metadata


def run(machine: Callable[[], RuleBasedStateMachine], *, examples: int, steps: int) -> None:
    """Try so many examples; COPYDESK_TEST_EXAMPLES=1000 looks deeper than an ordinary run."""
    profile = settings(
        max_examples=int(os.environ.get("COPYDESK_TEST_EXAMPLES", examples)),
        stateful_step_count=steps,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=profile)


def empty(runtime: Runtime) -> None:
    """Delete all rows: each example begins with none."""
    with runtime.transaction() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
