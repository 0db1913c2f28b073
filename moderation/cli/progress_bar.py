"""A bar on stderr of how far a long command is, where a person watches stderr."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

Advance = Callable[[float, str], None]
"""Says how much of the total is done, and what to write beside the bar."""


@contextmanager
def progress_bar(total: float | None, *, wanted: bool = True) -> Iterator[Advance]:
    """Show a bar until the block ends; without a total it only moves."""
    terminal = Console(stderr=True)
    bar = Progress(
        BarColumn(),
        TextColumn("{task.description}"),
        TimeRemainingColumn(),
        console=terminal,
        disable=not (wanted and terminal.is_terminal),
        # Else what is printed meanwhile would go to the terminal, even where it goes to a file.
        redirect_stdout=False,
    )
    task = bar.add_task("", total=total)

    def advance(done: float, words: str) -> None:
        bar.update(task, completed=done, description=words)

    with bar:
        yield advance
