"""The blueprint: pages, guard, sessions, errors and what templates may use."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from flask import Blueprint, Flask, g
from flask_wtf.csrf import CSRFProtect
from jinja2 import pass_context
from jinja2.runtime import Context

from api.dashboard import (
    advice_words,
    agreement_bars,
    complaint_words,
    corrected_words,
    display,
    errors,
    histogram,
    languages,
    moments,
    policy_words,
    rule_words,
    simulation_words,
    standing_words,
    stored_reasons,
    tuning_words,
    words,
)
from api.dashboard.access import Guard, Open, Rule
from api.dashboard.acting import done_act
from api.dashboard.assets import FOLDER, asset, fingerprint
from api.dashboard.cards import (
    draw,
    draw_around,
    draw_audited,
    draw_blind,
    draw_done,
    draw_row,
    draw_section,
    reasons_list,
)
from api.dashboard.changes import edits
from api.dashboard.claims import colleagues_at, works_alone
from api.dashboard.forms import this_page
from api.dashboard.highlights import highlights_of
from api.dashboard.keys import DIGITS, KEYS
from api.dashboard.routes import ROUTES
from api.dashboard.sessions import DeskSessions, desk_session
from api.dashboard.site_links import link_of
from api.dashboard.standings import changed_standing, site_in_address
from api.dashboard.throttle import Throttle
from api.web import EXTENSION, Web, web
from moderation.markup import as_read
from moderation.model.standings import Standing, StandingChange
from moderation.settings import Settings

NAME = "dashboard"
A_YEAR = 31_536_000
"""Seconds."""
OF_NO_SITE = {f"{NAME}.{page}" for page in ("static", "sign_in", "enter", "sign_out", "home")}


class _Pages(Blueprint):
    """Lets browsers keep static files: their address changes with their content."""

    def get_send_file_max_age(self, filename: str | None) -> int | None:  # noqa: ARG002 - Flask's
        return A_YEAR


def register(app: Flask) -> None:
    """Serve the dashboard from this application, whose `Web` is already in its extensions."""
    settings = cast("Web", app.extensions[EXTENSION]).runtime.settings
    _configure(app, settings)
    blueprint = _Pages(
        NAME,
        __name__,
        template_folder="templates",
        static_folder=FOLDER,
        static_url_path=f"/assets/{fingerprint()}",
    )
    rules = {f"{NAME}.static": Rule(Open.TO_ALL)}
    for route in ROUTES:
        name = route.view.__name__
        blueprint.add_url_rule(route.path, name, route.view, methods=route.methods)
        rules[f"{NAME}.{name}"] = route.rule
    blueprint.before_request(Guard(rules, CSRFProtect(app)).admit)
    blueprint.url_defaults(_keep_site)
    errors.register(app, blueprint)
    app.register_blueprint(blueprint)
    _equip_templates(app)
    _equip_filters(app)
    _equip_languages(app)


def _configure(app: Flask, settings: Settings) -> None:
    secure = settings.base_url.startswith("https://")
    app.config.update(
        # Browsers take the prefix as a promise: only this host set it, and only over HTTPS.
        SESSION_COOKIE_NAME="__Host-copydesk" if secure else "copydesk",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_SECRET_KEY=settings.derive_key("csrf"),
        # The guard of this blueprint checks; the API knows no cookies.
        WTF_CSRF_CHECK_DEFAULT=False,
        # As long as the session: a form may lie open over lunch.
        WTF_CSRF_TIME_LIMIT=None,
        # Our pages send no Referer header, so it cannot be asked for.
        WTF_CSRF_SSL_STRICT=False,
    )
    app.session_interface = DeskSessions(settings)
    app.extensions[Throttle.EXTENSION] = Throttle(limited=settings.rate_limits)


def _equip_templates(app: Flask) -> None:
    app.jinja_env.globals.update(
        say=words,
        complaint=complaint_words,
        draw=draw,
        draw_blind=draw_blind,
        agreement_bar=agreement_bars.bar,
        draw_row=draw_row,
        asset=asset,
        chart=histogram.chart,
        colleagues_at=colleagues_at,
        works_alone=works_alone,
        rule_words=rule_words,
        policy_words=policy_words,
        simulation_words=simulation_words,
        advice_words=advice_words,
        corrected_words=corrected_words,
        standing_words=standing_words,
        tuning_words=tuning_words,
        changed_standing=changed_standing,
        site_in_address=site_in_address,
        draw_around=draw_around,
        draw_audited=draw_audited,
        draw_done=draw_done,
        draw_section=draw_section,
        reasons_list=reasons_list,
        keys=KEYS,
        digits=DIGITS,
        done_act=done_act,
        this_page=this_page,
    )


def _equip_languages(app: Flask) -> None:
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        languages.gettext,
        languages.ngettext,
        newstyle=True,
        pgettext=languages.pgettext,
        npgettext=languages.npgettext,
    )
    app.jinja_env.globals.update(page_language=languages.language)


def _equip_filters(app: Flask) -> None:
    spoken: dict[str, Callable[..., Any]] = {
        "in_words": stored_reasons.in_words,
        "as_read": as_read,
        "pieces": display.pieces,
        "runs": display.runs,
        "highlights": highlights_of,
        "edits": edits,
        "link_of": link_of,
        "fold": display.fold,
        "language": display.language_tag,
        "number": languages.number,
        "unrounded": languages.unrounded,
        "day": languages.day,
        "told": languages.told,
        "exact": moments.exact,
        "lasted": moments.lasted,
        "begun": moments.begun,
        "utc_day": moments.utc_day,
        "ago": _ago,
        "ahead": _ahead,
        "left": _left,
        "standing_now": _standing_now,
        "undoable": _undoable,
    }
    app.jinja_env.filters.update({name: _drawn_anew(one) for name, one in spoken.items()})


def _drawn_anew(spoken: Callable[..., Any]) -> Callable[..., Any]:
    """Return the filter for each page anew, also of a constant.

    Jinja computes what it can when it compiles a template: that would keep the language of whoever
    asked for the page first.
    """

    @pass_context
    def filtered(_: Context, *values: object, **options: object) -> object:
        return spoken(*values, **options)

    return filtered


def _ago(moment: datetime) -> str:
    return moments.ago(moment, web().runtime.clock.now())


def _ahead(moment: datetime) -> str:
    return moments.ahead(moment, web().runtime.clock.now())


def _left(moment: datetime) -> str:
    return moments.left(moment, web().runtime.clock.now())


def _standing_now(change: StandingChange | None) -> Standing:
    return Standing.ORDINARY if change is None else change.at(web().runtime.clock.now())


def _undoable(change: StandingChange) -> bool:
    return change.can_be_undone(web().runtime.clock.now())


def _keep_site(endpoint: str, values: dict[str, Any]) -> None:
    """Carry the chosen site from page to page."""
    if endpoint not in OF_NO_SITE and g.get("site") is not None and len(desk_session().sites) > 1:
        values.setdefault("site", g.site.name)
