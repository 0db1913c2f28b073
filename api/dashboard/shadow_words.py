"""The words in which a shadow is told to somebody who knows no statistics."""

from api.dashboard.languages import gettext, ngettext, number
from api.dashboard.simulation_words import a_day, duration
from moderation.model.sign_test import ENOUGH, Finding, SignTest
from moderation.services.shadow_reports import ShadowReport

SMALLEST_P = 0.001
MOST_SAID = 1_000_000


def told(report: ShadowReport) -> str:
    """Say what the shadow would have done so far."""
    found = report.beside
    if not found.comments and report.jobs is not None:
        return gettext("Nothing to compare yet: no comment since it began has scores by both.")
    if not found.comments:
        return gettext("Nothing to compare yet: no comment was written and decided since it began.")
    return f"{_waiting(report)} {_agreement(report)}"


def finding(report: ShadowReport) -> str:
    """Say in a word or two which one is better."""
    if not report.beside.differences:
        return gettext("No difference so far.")
    return {
        Finding.BETTER: gettext("The shadow is better."),
        Finding.WORSE: gettext("The shadow is worse."),
        Finding.UNSURE: gettext("Not yet sure which is better."),
    }[report.beside.sign_test.finding]


def why(report: ShadowReport) -> str:
    """Say on what that rests, and what is needed to say more."""
    test = report.beside.sign_test
    if not report.beside.differences:
        return ""
    if not test.judged:
        return gettext(
            "People judged none of the comments that one stops and the other approves; at least "
            "%(needed)s are needed.",
            needed=test.needed,
        )
    right = ngettext(
        "Of the %(judged)s comment that one stops and the other approves and people judged, the "
        "shadow was right about %(shadow)s and version %(version)s about %(live)s.",
        "Of the %(judged)s comments that one stops and the other approves and people judged, the "
        "shadow was right about %(shadow)s and version %(version)s about %(live)s.",
        test.judged,
        judged=number(test.judged),
        shadow=number(test.shadow),
        version=report.live.policy.version,
        live=number(test.live),
    )
    return f"{right} {_certainty(test)}"


def numbers(test: SignTest) -> str:
    """Say the numbers behind it, for who knows statistics."""
    p = gettext("p = %(p)s", p=number(test.p, 3))
    if test.p < SMALLEST_P:
        p = gettext("p under %(p)s", p=number(SMALLEST_P, 3))
    evidence = gettext("over %(many)s", many=number(MOST_SAID))
    if test.evidence <= MOST_SAID:
        evidence = number(test.evidence, 1)
    return gettext(
        "Such a split is %(evidence)s times likelier where one is right more often than where both "
        "are alike; from %(enough)s on it is taken for sure, however often you look. The exact "
        "test of McNemar, which is for a single look, gives %(p)s.",
        evidence=evidence,
        enough=number(ENOUGH),
        p=p,
    )


def _waiting(report: ShadowReport) -> str:
    live, shadow = report.beside.live, report.beside.shadow
    if live.flagged == shadow.flagged:
        return gettext(
            "Of %(these)s since it began, %(many)s would wait for a person, as many as now.",
            these=_these(report.beside.comments),
            many=number(live.flagged),
        )
    now, then = duration(report.hours_a_day(live)), duration(report.hours_a_day(shadow))
    values = {
        "these": _these(report.beside.comments),
        "then": number(shadow.flagged),
        "now": number(live.flagged),
        "then_a_day": a_day(report.a_day(shadow.flagged)),
        "now_a_day": a_day(report.a_day(live.flagged)),
        "reading": then,
        "reading_now": now,
    }
    if then == now:
        return gettext(
            "Of %(these)s since it began, %(then)s would wait for a person instead of %(now)s: "
            "%(then_a_day)s a day instead of %(now_a_day)s, %(reading)s of reading as now.",
            **values,
        )
    return gettext(
        "Of %(these)s since it began, %(then)s would wait for a person instead of %(now)s: "
        "%(then_a_day)s a day instead of %(now_a_day)s, %(reading)s of reading instead of "
        "%(reading_now)s.",
        **values,
    )


def _certainty(test: SignTest) -> str:
    if test.finding is not Finding.UNSURE:
        return gettext("That is more than chance.")
    if test.needed is None:
        return gettext("They are so alike that no number of comments is likely to tell.")
    return ngettext(
        "That may be chance. If it goes on like this, about %(needed)s more judged difference "
        "will tell.",
        "That may be chance. If it goes on like this, about %(needed)s more judged differences "
        "will tell.",
        test.needed,
        needed=number(test.needed),
    )


def _these(many: int) -> str:
    return ngettext("the %(many)s comment", "the %(many)s comments", many, many=number(many))


def _agreement(report: ShadowReport) -> str:
    agreement = report.beside.agreement
    if agreement.many == agreement.of:
        return gettext("Both decide the same on all of them.")
    # Rounded down: what is not all must not look like all.
    percent = int(1000 * agreement.many / agreement.of) / 10
    return gettext("On %(percent)s %% both decide the same.", percent=number(percent, 1))
