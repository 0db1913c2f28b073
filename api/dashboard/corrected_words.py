"""The words in which figures that the audit corrects are told."""

from api.dashboard import simulation_words
from api.dashboard.languages import gettext, ngettext, number
from moderation.model.corrected import Corrected, Correction
from moderation.services.simulating import Simulation

_LARGE = 10


def told(found: Simulation) -> str:
    """Say how many of the comments moderators would reject, if they saw all."""
    audited = found.corrected
    if audited is None or audited.live is None:
        return ""
    bad = audited.live.rejectable
    return gettext(
        "Of %(these)s, moderators would reject about %(about)s (%(low)s to %(high)s) if they saw "
        "them all.",
        these=simulation_words.these(found),
        about=number(bad.about),
        low=number(bad.low),
        high=number(bad.high),
    )


def share(side: Corrected) -> str:
    """Say which share of what people would reject a policy stops."""
    if side.share is None:
        return gettext("nothing to stop was found")
    of_hundred = side.share * 100
    return gettext(
        "%(share)s %% (%(low)s %% to %(high)s %%)",
        share=number(of_hundred.about),
        low=number(of_hundred.low),
        high=number(of_hundred.high),
    )


def of_a_thousand(audited: Correction, side: Corrected) -> str:
    """Say how many in a thousand a policy approves though people would reject them."""
    missed = audited.of_a_thousand(side.misses)
    about, low, high = (
        number(one, 0 if one >= _LARGE else 1) for one in (missed.about, missed.low, missed.high)
    )
    return gettext("%(about)s (%(low)s to %(high)s)", about=about, low=low, high=high)


def rests_on(audited: Correction) -> str:
    """Say how many judged comments that rests on, and what is left out."""
    said = gettext(
        "It rests on %(samples)s samples of what was approved, each of which stands for many that "
        "nobody looked at, and on %(looked)s comments that were stopped and judged. In brackets: "
        "where the truth lies, 19 times in 20.",
        samples=number(audited.samples),
        looked=number(audited.looked_at),
    )
    if not audited.unknown:
        return said
    left_out = ngettext(
        "%(many)s comment that was rejected without a person is left out: nobody has judged it.",
        "%(many)s comments that were rejected without a person are left out: nobody has judged "
        "them.",
        audited.unknown,
        many=number(audited.unknown),
    )
    return f"{said} {left_out}"


def needed(audited: Correction) -> str:
    """Say what must be judged before anything can be told."""
    if audited.needed:
        return ngettext(
            "How much of all that is bad is stopped, the audit tells: %(samples)s of its samples "
            "from this time were judged, and %(needed)s more is needed.",
            "How much of all that is bad is stopped, the audit tells: %(samples)s of its samples "
            "from this time were judged, and %(needed)s more are needed.",
            audited.needed,
            samples=number(audited.samples),
            needed=number(audited.needed),
        )
    return gettext(
        "How much of all that is bad is stopped can be told once people have judged %(needed)s "
        "more of the comments that were stopped.",
        needed=number(audited.needed_looks),
    )
