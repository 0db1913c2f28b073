"""Presets: limits that suit a kind of site, to begin with."""

from collections.abc import Mapping
from enum import StrEnum

from moderation.model.measures import Limit, Measure


class Preset(StrEnum):
    """A kind of site."""

    NEWS = "news"
    BLOG = "blog"


PRESETS: Mapping[Preset, Mapping[Measure, Limit]] = {
    # Many authors whom nobody knows, who write in a hurry: only what advertisers and floods do.
    Preset.NEWS: {
        Measure.LINKS: Limit(3),
        Measure.PACE: Limit(8),
        Measure.REPEATS: Limit(3),
    },
    # Few comments: each new author is read once, as blogs have long done.
    Preset.BLOG: {
        Measure.APPROVALS: Limit(1),
        Measure.LINKS: Limit(2),
        Measure.REPEATS: Limit(2),
    },
}
