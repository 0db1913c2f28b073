"""How Hypothesis tries examples over real parts: the same ones every time."""

import os
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from moderation.runtime import Runtime
from moderation.storage.tables import metadata


def profile(examples: int, **more: Any) -> settings:  # noqa: ANN401 - Hypothesis's
    """Try so many examples; COPYDESK_TEST_EXAMPLES=1000 looks deeper than an ordinary run.

    A test that fails now and then is not believed, so they are the same each time.
    """
    return settings(
        max_examples=int(os.environ.get("COPYDESK_TEST_EXAMPLES", examples)),
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        **more,
    )


def run(machine: Callable[[], RuleBasedStateMachine], *, examples: int, steps: int) -> None:
    """Try a state machine in so many examples of so many steps."""
    run_state_machine_as_test(machine, settings=profile(examples, stateful_step_count=steps))


def empty(runtime: Runtime) -> None:
    """Delete all rows: each example begins with none."""
    with runtime.transaction() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
