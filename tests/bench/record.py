"""What was measured so far, under `var/`: all rows, and how those came about that are complete."""

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.bench.circumstances import Circumstances
from tests.bench.results import Result, read, replace_file, write


@dataclass(slots=True)
class Record:
    """Rows of several benchmarks, each of which can be measured anew by itself."""

    path: Path
    results: list[Result]
    finished: dict[str, Circumstances]

    def begin(self, bench: str) -> None:
        """Forget what is known of one benchmark, in the files too."""
        self.results = [result for result in self.results if result.bench != bench]
        self.finished.pop(bench, None)
        self._save()

    def add(self, result: Result) -> None:
        """Write after every row: what a long run measured can be seen before its end."""
        self.results.append(result)
        write(self.results, self.path)

    def finish(self, bench: str, under: Circumstances) -> None:
        """Note that all rows of a benchmark are there."""
        self.finished[bench] = under
        self._save()

    def of(self, benches: Collection[str]) -> list[Result]:
        """Return the rows of these benchmarks, in their order."""
        return [result for bench in benches for result in self.results if result.bench == bench]

    def _save(self) -> None:
        write(self.results, self.path)
        named = {bench: asdict(under) for bench, under in self.finished.items()}
        replace_file(_finished_path(self.path), json.dumps(named, indent=1) + "\n")


def read_record(path: Path) -> Record:
    """Read what earlier runs left; nothing where there were none."""
    finished: dict[str, Circumstances] = {}
    if _finished_path(path).exists():
        for bench, fields in json.loads(_finished_path(path).read_text()).items():
            finished[bench] = Circumstances(**fields | {"machine": tuple(fields["machine"])})
    return Record(path, read(path), finished)


def _finished_path(path: Path) -> Path:
    return path.with_suffix(".finished.json")
