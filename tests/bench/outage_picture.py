"""The picture of an outage: how long decisions took, and how many comments waited."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

INCHES = (9, 5.4)
DOTS_PER_INCH = 110
BLUE, LIGHT_BLUE, ORANGE = "#1f4e79", "#9dc3e6", "#c55a11"


@dataclass(frozen=True, slots=True)
class Curve:
    """Seconds since the first comment, with latency in seconds or the comments that waited."""

    latencies: Sequence[tuple[float, float]]
    waiting: Sequence[tuple[float, int]]
    away: tuple[float, float]


def draw(curve: Curve, path: Path) -> None:
    """Write the picture; the form of the image follows the path's suffix."""
    figure = Figure(figsize=INCHES, layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
    _draw_latencies(above, curve)
    _draw_waiting(below, curve)
    for axes in (above, below):
        axes.axvspan(*curve.away, color="#eeeeee", zorder=0)
        axes.grid(axis="y", color="#dddddd", linewidth=0.6)
        axes.spines[["top", "right"]].set_visible(False)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=DOTS_PER_INCH, metadata={"Software": None})


def _draw_latencies(axes: Axes, curve: Curve) -> None:
    by_second: dict[int, list[float]] = defaultdict(list)
    for second, latency in curve.latencies:
        by_second[int(second)].append(max(latency, 0.001))
    seconds = sorted(by_second)
    longest = [max(by_second[second]) for second in seconds]
    middle = [median(by_second[second]) for second in seconds]
    axes.plot(seconds, longest, color=LIGHT_BLUE, linewidth=1.5, label="longest")
    axes.plot(seconds, middle, color=BLUE, linewidth=1.8, label="median")
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g} s"))
    axes.set_ylabel("acceptance to decision")
    axes.text(
        sum(curve.away) / 2, max(longest) * 1.35, "Redis is away", ha="center", color="#555555"
    )
    axes.set_ylim(top=max(longest) * 2.5)
    axes.legend(frameon=False, loc="upper right")


def _draw_waiting(axes: Axes, curve: Curve) -> None:
    seconds, counts = zip(*curve.waiting, strict=True)
    axes.fill_between(seconds, counts, color=ORANGE, alpha=0.25, linewidth=0)
    axes.plot(seconds, counts, color=ORANGE, linewidth=1.5)
    axes.set_ylim(bottom=0)
    axes.set_ylabel("comments that wait")
    axes.set_xlabel("seconds")
