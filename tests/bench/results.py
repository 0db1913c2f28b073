"""What a measurement found, as one row of the table and one object of the JSON."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Target:
    """What users were promised; it judges the ratio where there is a peer, else the value."""

    at_least: float | None = None
    at_most: float | None = None

    def met_by(self, figure: float) -> bool:
        above = self.at_least is None or figure >= self.at_least
        return above and (self.at_most is None or figure <= self.at_most)

    def __str__(self) -> str:
        bounds = (("≥", self.at_least), ("≤", self.at_most))
        return " ".join(f"{sign} {bound:g}" for sign, bound in bounds if bound is not None)


@dataclass(frozen=True, slots=True)
class Result:
    """One figure: the median of `runs` runs, and beside it the peer's of the same runs."""

    bench: str
    measure: str
    value: float
    unit: str
    runs: int
    peer: str | None = None
    peer_value: float | None = None
    ratio: float | None = None
    """As the measure says it; the median of the runs' own ratios, not the ratio of medians."""
    target: Target | None = None
    note: str = ""

    @property
    def figure(self) -> float:
        return self.value if self.ratio is None else self.ratio

    @property
    def met(self) -> bool | None:
        return None if self.target is None else self.target.met_by(self.figure)

    def as_json(self) -> dict[str, object]:
        return asdict(self) | {"met": self.met}


def from_json(row: dict[str, Any]) -> Result:
    """Return a row that was written before."""
    target = row["target"] and Target(**row["target"])
    return Result(**{name: row[name] for name in row if name != "met"} | {"target": target})


def read(path: Path) -> list[Result]:
    """Return the rows of a file; none where there is no file."""
    if not path.exists():
        return []
    return [from_json(json.loads(line)) for line in path.read_text().splitlines()]


def write(results: Iterable[Result], path: Path) -> None:
    """Write one JSON object per row, numbers as numbers."""
    replace_file(path, "".join(json.dumps(result.as_json()) + "\n" for result in results))


def replace_file(path: Path, content: str) -> None:
    """Write a file so that whoever reads it, or is killed meanwhile, has the old one or the new."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.new")
    beside.write_text(content)
    beside.replace(path)
