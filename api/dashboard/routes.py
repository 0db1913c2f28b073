"""Every page of the dashboard, and who may see it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from api.bodies import MAX_LARGE_BYTES
from api.dashboard import (
    audit,
    bulks,
    claims,
    comment,
    comments,
    decide,
    handing_out,
    home,
    learning,
    misses,
    notifications,
    password,
    password_link,
    perspective,
    policy_file,
    preferences,
    queue,
    rates,
    reasons,
    saved_filters,
    second_looks,
    set_aside,
    shadow,
    shift,
    sign_in,
    site_links,
    standings,
    take_back,
    team_notes,
    thresholds,
    webhooks,
)
from api.dashboard.access import Open, Rule
from moderation.model.people import Role

View = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Route:
    """One address; its endpoint is named after the view."""

    path: str
    view: View
    rule: Rule
    methods: tuple[str, ...] = ("GET",)


_POST = ("POST",)
_ALL = Rule(Open.TO_ALL)
_MODERATOR = Rule(Role.MODERATOR)
_PASSIVE = Rule(Role.MODERATOR, passive=True)
_OPERATOR = Rule(Role.OPERATOR)
_OPERATOR_WITH_LISTS = Rule(Role.OPERATOR, most_bytes=MAX_LARGE_BYTES)
"""A form that holds all word lists of a policy."""

ROUTES = (
    Route("/", home.home, _MODERATOR),
    Route("/sign-in", sign_in.sign_in, _ALL),
    Route("/sign-in", sign_in.enter, _ALL, _POST),
    Route("/sign-out", sign_in.sign_out, _MODERATOR, _POST),
    Route("/password", password.password, _MODERATOR),
    Route("/password", password.change_password, _MODERATOR, _POST),
    Route("/your-desk", preferences.preferences, _MODERATOR),
    Route("/your-desk", preferences.choose_preferences, _MODERATOR, _POST),
    Route("/password/<token>", password_link.password_link, _ALL),
    Route("/password/<token>", password_link.use_password_link, _ALL, _POST),
    Route("/notifications", notifications.notifications, _MODERATOR),
    Route("/notifications", notifications.save_notifications, _MODERATOR, _POST),
    Route("/notifications/feed", notifications.make_feed, _MODERATOR, _POST),
    Route("/notifications/feed/end", notifications.end_feed, _MODERATOR, _POST),
    Route("/stop-mail/<token>", notifications.ask_to_stop, _ALL),
    Route("/queue", queue.queue, _MODERATOR),
    Route("/queue/count", queue.count, _PASSIVE),
    Route("/next", handing_out.handed_out, _MODERATOR),
    Route("/next", handing_out.hand_out, _MODERATOR, _POST),
    Route("/bulks", bulks.select_bulk, _MODERATOR, _POST),
    Route("/bulks/band", bulks.score_band, _MODERATOR),
    Route("/bulks/<uuid:bulk_id>", bulks.bulk, _MODERATOR),
    Route("/bulks/<uuid:bulk_id>/watch", bulks.watch_bulk, _PASSIVE),
    Route("/bulks/<uuid:bulk_id>/start", bulks.start_bulk, _MODERATOR, _POST),
    Route("/filters", saved_filters.save_filter, _MODERATOR, _POST),
    Route("/filters/<uuid:filter_id>/remove", saved_filters.remove_filter, _MODERATOR, _POST),
    Route("/second-look", second_looks.second_look, _MODERATOR),
    Route("/second-look/<uuid:look_id>", second_looks.judge_again, _MODERATOR, _POST),
    Route("/second-look/agreement", second_looks.agreement, _MODERATOR),
    Route("/audit", audit.audit, _MODERATOR),
    Route("/audit/misses", misses.misses, _MODERATOR),
    Route("/audit/<uuid:comment_id>", audit.audited, _MODERATOR),
    Route("/audit/<uuid:comment_id>", audit.judge_audited, _MODERATOR, _POST),
    Route("/audit/<uuid:comment_id>/skip", audit.skip_audited, _MODERATOR, _POST),
    Route("/shift", shift.shift, _MODERATOR),
    Route("/comments/watch", claims.watch_comments, _PASSIVE),
    Route("/comments", comments.comments, _MODERATOR),
    Route("/comments/<uuid:comment_id>", comment.comment, _MODERATOR),
    Route("/comments/<uuid:comment_id>/decide", decide.decide, _MODERATOR, _POST),
    Route("/comments/<uuid:comment_id>/skip", set_aside.skip, _MODERATOR, _POST),
    Route("/comments/<uuid:comment_id>/escalate", set_aside.escalate, _MODERATOR, _POST),
    Route("/comments/<uuid:comment_id>/send-back", set_aside.send_back, _OPERATOR, _POST),
    Route("/comments/<uuid:comment_id>/claim", claims.hold, _MODERATOR, _POST),
    Route("/comments/<uuid:comment_id>/hand-over", claims.hand_over, _MODERATOR, _POST),
    Route("/comments/<uuid:comment_id>/give-back", claims.give_back, _MODERATOR, _POST),
    Route("/comments/<uuid:comment_id>/let-go", claims.let_go, _MODERATOR, _POST),
    Route("/comments/<uuid:comment_id>/team-notes", team_notes.add_team_note, _MODERATOR, _POST),
    Route("/team-notes/<uuid:note_id>/remove", team_notes.remove_team_note, _MODERATOR, _POST),
    Route("/desk/comment", site_links.open_comment, _MODERATOR),
    Route("/decisions/<uuid:decision_id>/undo", decide.undo, _MODERATOR, _POST),
    Route("/undo", take_back.take_back, _MODERATOR, _POST),
    Route("/comments/<uuid:comment_id>/standing", standings.set_from_comment, _MODERATOR, _POST),
    Route("/standings", standings.standings, _MODERATOR),
    Route("/standings/subject", standings.subject, _MODERATOR),
    Route("/standings/subject", standings.set_standing, _MODERATOR, _POST),
    Route("/standings/forget", standings.forget_standing, _OPERATOR, _POST),
    Route("/standings/<uuid:standing_id>/undo", standings.undo_standing, _MODERATOR, _POST),
    Route("/reasons", reasons.reasons, _OPERATOR),
    Route("/reasons", reasons.replace, _OPERATOR, _POST),
    Route("/thresholds", thresholds.thresholds, _OPERATOR),
    Route("/thresholds", thresholds.publish, _OPERATOR_WITH_LISTS, _POST),
    Route("/thresholds/roll-back", thresholds.roll_back, _OPERATOR, _POST),
    Route("/thresholds/remove-place", thresholds.remove_place, _OPERATOR, _POST),
    Route("/thresholds/versions/<int:version>.yaml", policy_file.policy_file, _OPERATOR),
    Route("/thresholds/perspective", perspective.perspective, _OPERATOR),
    Route("/shadow", shadow.shadow, _OPERATOR),
    Route("/shadow", shadow.start_ahead, _OPERATOR, _POST),
    Route("/shadow/earlier", shadow.start_earlier, _OPERATOR, _POST),
    Route("/shadow/<uuid:shadow_id>/stop", shadow.stop_shadow, _OPERATOR, _POST),
    Route("/shadow/<uuid:shadow_id>/promote", shadow.promote_shadow, _OPERATOR, _POST),
    Route("/learning", learning.learning, _OPERATOR),
    Route("/learning/train", learning.train_head, _OPERATOR, _POST),
    Route("/learning/on", learning.switch_head_on, _OPERATOR, _POST),
    Route("/learning/off", learning.switch_head_off, _OPERATOR, _POST),
    Route("/rates", rates.rates, _OPERATOR),
    Route("/rates/day", rates.spike, _OPERATOR),
    Route("/rates/disagreements", rates.disagreements, _OPERATOR),
    Route("/webhooks", webhooks.webhooks, _OPERATOR),
    Route("/webhooks", webhooks.add, _OPERATOR, _POST),
    Route("/webhooks/<uuid:endpoint_id>/test", webhooks.test, _OPERATOR, _POST),
    Route("/webhooks/<uuid:endpoint_id>/disable", webhooks.disable, _OPERATOR, _POST),
    Route("/webhooks/<uuid:endpoint_id>/enable", webhooks.enable, _OPERATOR, _POST),
    Route("/webhooks/<uuid:endpoint_id>/rotate", webhooks.rotate, _OPERATOR, _POST),
    Route("/deliveries/<uuid:delivery_id>/redeliver", webhooks.redeliver, _OPERATOR, _POST),
)
