from collections.abc import Sequence
from threading import Event, get_ident

from moderation.model.errors import ModerationError
from moderation.services.group_commit import GroupCommit

LIMIT = 10


def test_a_group_after_a_shared_one_waits_for_more_and_one_by_one_none_does() -> None:
    groups: list[list[str]] = []
    under_way, go_on = Event(), Event()

    def store(items: Sequence[str]) -> list[str | ModerationError]:
        groups.append(list(items))
        under_way.set()
        if items == ["held"]:
            go_on.wait(10)
        return list(items)

    def gather() -> None:
        commits.put("joined")

    commits = GroupCommit[str, str](store, LIMIT, gather)
    commits.put("alone").result(10)
    under_way.clear()
    held = commits.put("held")
    under_way.wait(10)
    several = [commits.put("one"), commits.put("another")]
    go_on.set()
    for future in (held, *several):
        future.result(10)
    commits.put("next").result(10)
    commits.close()

    assert groups[:3] == [["alone"], ["held"], ["one", "another"]]
    assert groups[3] == ["next", "joined"]


def test_what_waits_is_committed_before_it_closes() -> None:
    threads: set[int] = set()

    def store(items: Sequence[str]) -> list[str | ModerationError]:
        threads.add(get_ident())
        return list(items)

    commits = GroupCommit[str, str](store, LIMIT)
    futures = [commits.put(str(n)) for n in range(3 * LIMIT)]
    commits.close()

    assert [future.result(0) for future in futures] == [str(n) for n in range(3 * LIMIT)]
    assert len(threads) == 1
    assert isinstance(commits.put("late").exception(0), ModerationError)
