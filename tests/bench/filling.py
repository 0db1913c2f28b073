"""Filling a migrated database with a long history, fast: rows as text, straight into the tables."""

import itertools
import json
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from moderation.model.comments import Author, Status, Thread, digest_text
from moderation.model.ids import SiteId
from moderation.model.labels import OF_CLASSIFIERS, Label
from moderation.model.measures import Measure
from moderation.model.places import Place
from moderation.model.prints import cut_up
from moderation.model.repeats import print_of
from moderation.model.reviews import Cause, due_at
from moderation.model.words import terms_of
from moderation.storage.classifications import BITS, from_print
from moderation.storage.search import BLOCK
from tests.factories import CLASSIFIER

RARE_WORD, SPREAD_WORD, COMMON_WORD = "quibblefrost", "lampoonery", "the"
"""In 20 comments, in one of a thousand, and in nearly every second one; at every size."""
BUSY_AUTHOR, RARE_AUTHOR = "Tessa Longbottom", "Wim Zeldzaam"
"""Who wrote one comment in a hundred, and who wrote 20."""
RARE = 20
OPEN = 500
"""Reviews that wait at Agora and Boule, however many comments there are."""
PER_THREAD = 200
PERIOD = timedelta(days=90)
VOCABULARY = 50_000
_LABELS = OF_CLASSIFIERS


def _split(names: str) -> list[str]:
    return names.split()


_SYLLABLES = _split(
    "ba ce di fo gu la me ni po ru sa te vi wo xa ze tro pli ska dre mun gol fen rid"
)
COMMON = _split(
    "the a of and to in is that it for on was as with be this by are not have from at or they you"
    " school council street tram people because"
)

Row = tuple[str | int | float | None, ...]
Write = Callable[[str, Sequence[str], Sequence[Row]], None]

COLUMNS: Mapping[str, Sequence[str]] = {
    "comments": _split(
        "id site_id external_id revision text text_digest format author_id author_name thread_id"
        " thread_url thread_title thread_section language created_at received_at status sequence"
    ),
    "jobs": _split(
        "id comment_id site_id revision classifier purpose lane state attempts created_at"
    ),
    "classifications": [
        *_split("id comment_id site_id revision classifier purpose readable classified_at"),
        *(label.value for label in _LABELS),
        *_split("judged_for written_at highest unscored"),
        *(measure.value for measure in Measure),
        *_split("section thread print second_print sketch"),
    ],
    "decisions": _split(
        "id comment_id site_id revision sequence action source reasons policy_version classifier"
        " classification_id user_id imported decided_at"
    ),
    "events": _split(
        "id site_id comment_id decision_id sequence display text_digest state position publish_at"
    ),
    "reviews": _split(
        "id comment_id site_id revision state risk reasons opened_at causes section author due_at"
        " resolved_at"
    ),
    "deliveries": _split(
        "id kind event_id endpoint_id site_id comment_id sequence state attempts next_attempt_at"
        " created_at finished_at"
    ),
    "delivery_attempts": _split("id delivery_id number status error milliseconds attempted_at"),
    "search_entries": ["number", "comment_id"],
    "search_words": ["number", "terms"],
}


@dataclass(frozen=True)
class Sites:
    """Whose comments they are: Agora has 60 %, Boule 30 %, and Forum, half open, 10 %."""

    agora: SiteId
    boule: SiteId
    forum: SiteId
    moderator: str
    endpoint: str


@dataclass(frozen=True)
class _One:
    """One comment of the history; its id is also that of its job, scores, decision and event."""

    number: int
    id: str
    site: SiteId
    status: Status
    waits: bool
    reviewed: bool
    at: datetime


@cache
def vocabulary() -> tuple[list[str], list[float]]:
    """Return words, the common ones first, and how often each is used, added up."""
    source = random.Random(7)  # noqa: S311 - nothing secret
    made = dict.fromkeys(COMMON)
    while len(made) < VOCABULARY:
        made["".join(source.choices(_SYLLABLES, k=source.choice((2, 2, 3, 3, 4))))] = None
    return list(made), list(itertools.accumulate(1 / (n + 2) for n in range(VOCABULARY)))


def _counts(n: int, text: str) -> tuple[int, ...]:
    """Return links, length, pace, approvals and repeats, as often as they are found anywhere."""
    return (2 * (n % 40 == 3), len(text), int(n % 10 == 5), min(n % 13, 10), 3 * (n % 60 == 7))


def _place(thread: Thread) -> tuple[str | None, str | None]:
    place = Place(thread.section, thread.id)
    return place.section, place.thread


def _print(text: str, site_id: SiteId) -> Iterable[int | None]:
    return from_print(print_of(cut_up(text), site_id)).values()


class History:
    """So many comments with all that was made of them, in order; the same ones every time."""

    def __init__(self, sites: Sites, count: int, end: datetime) -> None:
        self._sites, self._count, self._end = sites, count, end
        self._source = random.Random(count)  # noqa: S311 - nothing secret
        self._waiting_every = max(count * 9 // 10 // OPEN, 2)
        self._positions: Counter[SiteId] = Counter()

    def write(self, write: Write, together: int = 5_000) -> Iterator[int]:
        """Write all tables' rows; yield how many comments are written."""
        for start in range(0, self._count, together):
            rows: dict[str, list[Row]] = {table: [] for table in COLUMNS}
            for n in range(start, min(start + together, self._count)):
                self._one(n, rows)
            for table, columns in COLUMNS.items():
                write(table, columns, rows[table])
            yield min(start + together, self._count)

    def positions(self) -> Mapping[SiteId, int]:
        """Return the last place in each site's feed."""
        return self._positions

    def _one(self, n: int, rows: dict[str, list[Row]]) -> None:
        one = self._fate(n)
        text, author, thread = self._text(n), self._author(n), self._thread(n)
        site, at, digest = one.site.hex, _moment(one.at), digest_text(text)
        decided = one.status is not Status.PENDING
        rows["comments"].append(
            (
                one.id,
                site,
                f"c{n}",
                1,
                text,
                digest,
                "plain",
                author.id,
                author.name,
                thread.id,
                thread.url,
                thread.title,
                thread.section,
                "en",
                at,
                at,
                one.status,
                int(decided) + int(one.reviewed and not one.waits),
            )
        )
        job = (one.id, one.id, site, 1, "compact", "decide", "live")
        rows["jobs"].append((*job, "done" if decided else "queued", int(decided), at))
        rows["search_entries"].append((n + 1, one.id))
        prefix = f"{(n + 1) // BLOCK:04x}{one.site.hex[-4:]}"
        terms = " ".join([prefix + term for term in terms_of(text, author, thread)])
        rows["search_words"].append((n + 1, terms))
        if decided:
            self._decide(one, rows, text, author)

    def _decide(self, one: _One, rows: dict[str, list[Row]], text: str, author: Author) -> None:
        site, at, digest = one.site.hex, _moment(one.at), digest_text(text)
        score = 0.8 + self._source.random() / 5 if one.reviewed else self._source.random() ** 3 / 2
        scores = [round(score * self._source.random(), 4) for _ in _LABELS]
        scores[0] = score = round(score, 4)
        made = (one.id, one.id, site, 1, CLASSIFIER, "decide", 1, at)
        summary = (CLASSIFIER, at, max(scores), BITS[Label.UNWANTED])
        counted = (*_counts(one.number, text), *_place(self._thread(one.number)))
        rows["classifications"].append(
            (*made, *scores, *summary, *counted, *_print(text, one.site))
        )
        reason = {"kind": "label", "label": "toxicity", "score": score, "threshold": 0.8}
        reasons = json.dumps([reason]) if one.reviewed else "[]"
        first = "flag" if one.reviewed else "approve"
        self._tell(one, rows, digest, (one.id, 1, first, "automation", reasons, None))
        if not one.reviewed:
            return
        state, resolved = ("open", None) if one.waits else ("resolved", at)
        risk = (score - 0.8) / (1 - 0.8)
        found_by = (int(Cause.TOXICITY), self._thread(one.number).section, author.id)
        due = _moment(due_at(one.at, risk, Cause.TOXICITY))
        review = (one.id, one.id, site, 1, state, risk, reasons, at)
        rows["reviews"].append((*review, *found_by, due, resolved))
        if not one.waits:
            action = "reject" if one.status is Status.REJECTED else "approve"
            by = json.dumps([{"kind": "moderator"}])
            second = f"f{one.id[1:]}"
            told = (second, 2, action, "moderator", by, self._sites.moderator)
            self._tell(one, rows, digest, told)

    def _tell(
        self, one: _One, rows: dict[str, list[Row]], digest: str, made: tuple[str | int | None, ...]
    ) -> None:
        key, sequence, action, source, reasons, user = made
        site, at = one.site.hex, _moment(one.at)
        judged = (1, CLASSIFIER, one.id) if user is None else (None, None, None)
        rows["decisions"].append(
            (key, one.id, site, 1, sequence, action, source, reasons, *judged, user, 0, at)
        )
        self._positions[one.site] += 1
        display = {"approve": "show", "reject": "hide"}.get(str(action), "hold")
        event = (key, site, one.id, key, sequence, display, digest, "published")
        rows["events"].append((*event, self._positions[one.site], at))
        if one.site == self._sites.agora:
            state = "failed" if one.number % 997 == 0 else "delivered"
            sent = (key, "comment.decided", key, self._sites.endpoint, site, one.id, sequence)
            rows["deliveries"].append((*sent, state, 1, at, at, at))
            rows["delivery_attempts"].append((key, key, 1, 200, None, 30, at))

    def _fate(self, n: int) -> _One:
        at = self._end - PERIOD * ((self._count - n) / self._count)
        site = (self._sites.agora,) * 6 + (self._sites.boule,) * 3 + (self._sites.forum,)
        of = site[n % 10]
        waits = n % 20 == 9 if of == self._sites.forum else self._waits(n)
        reviewed, status = waits or n % 50 == 7, Status.FLAGGED if waits else Status.APPROVED
        if reviewed and not waits:
            status = Status.REJECTED if n % 100 == 7 else Status.APPROVED
        elif not waits and n >= self._count - 40 and n % 2:
            status = Status.PENDING
        milliseconds = int(at.timestamp() * 1000)
        tail = self._source.getrandbits(62) | 1 << 63
        return _One(
            n, f"{milliseconds:012x}7{n % 4096:03x}{tail:016x}", of, status, waits, reviewed, at
        )

    def _waits(self, n: int) -> bool:
        return n % self._waiting_every == 0

    def _text(self, n: int) -> str:
        words, weights = vocabulary()
        length = min(max(int(self._source.lognormvariate(3.4, 0.8)), 2), 1_000)
        chosen = self._source.choices(words, cum_weights=weights, k=length)
        if self._is_rare(n):
            chosen.append(RARE_WORD)
        if n % 1_000 == 501:
            chosen.append(SPREAD_WORD)
        return f"{' '.join(chosen).capitalize()}."

    def _author(self, n: int) -> Author:
        if self._is_rare(n):
            return Author(id="rare-1", name=RARE_AUTHOR)
        if n % 100 == 33:
            return Author(id="busy-1", name=BUSY_AUTHOR)
        who = int(self._source.paretovariate(0.7)) % (self._count // 10)
        words, _ = vocabulary()
        name = f"{words[100 + who % 20_000]} {words[300 + who * 7 % 40_000]}".title()
        return Author(id=f"u{who}", name=name)

    def _thread(self, n: int) -> Thread:
        number = n // PER_THREAD
        title, section = thread_title(number), f"section {number % 12}"
        url = f"https://news.example.org/articles/{number}"
        return Thread(id=f"article-{number}", url=url, title=title, section=section)

    def _is_rare(self, n: int) -> bool:
        # Always Agora's.
        return n % (self._count // RARE) == 3


def thread_title(number: int) -> str:
    """Return the title of an article: three words, none of them often used."""
    words, _ = vocabulary()
    return " ".join(
        words[200 + (number * step + 7 * step) % 45_000] for step in (1, 13, 101)
    ).capitalize()


def _moment(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")
