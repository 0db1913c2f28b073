"""Adding sites and people, and keeping them out."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from moderation.model.comments import Display, DisplayRules
from moderation.model.errors import Conflict, InvalidInput, NotFound, Unauthenticated
from moderation.model.people import Role
from moderation.model.sites import Site
from moderation.runtime import Runtime
from moderation.services import people, sites
from moderation.services.complaint_rules import change_rules
from moderation.services.lateness import change_warning
from moderation.services.second_looks import change_share
from moderation.services.sign_in import read_session, sign_in, use_password_link
from moderation.storage import audit, policies
from tests.factories import CLASSIFIER, FakeClock

PASSWORD = "correct horse battery staple"  # noqa: S105 - for tests


def audited(runtime: Runtime) -> list[Any]:
    with runtime.reading() as connection:
        rows = connection.execute(select(audit.audit.c.action).order_by(audit.audit.c.id))
        return list(rows.scalars())


def test_a_new_site_has_a_policy_for_the_classifier_that_runs(runtime: Runtime) -> None:
    rules = DisplayRules(while_pending=Display.SHOW)
    site = sites.add_site(runtime, "agora", CLASSIFIER, "Agora!", rules)
    assert sites.find_site(runtime, "agora") == site
    assert site.display_rules.while_pending is Display.SHOW
    with runtime.reading() as connection:
        (published,) = policies.history(connection, site.id)
    assert (published.policy.version, published.policy.classifier) == (1, CLASSIFIER)
    assert audited(runtime) == ["site-add"]


def test_a_site_s_name_is_taken_once(runtime: Runtime) -> None:
    sites.add_site(runtime, "agora", CLASSIFIER)
    with pytest.raises(Conflict, match="agora"):
        sites.add_site(runtime, "agora", CLASSIFIER)
    assert [site.name for site in sites.list_sites(runtime)] == ["agora"]


@pytest.mark.parametrize("name", ["", "Agora", "a b", "-a", "a-", "a" * 65, "ago\nra", "agorá"])
def test_a_site_s_name_is_good_for_addresses(held_runtime: Runtime, name: str) -> None:
    with pytest.raises(InvalidInput):
        sites.add_site(held_runtime, name, CLASSIFIER)


def test_a_site_is_switched_off_and_on(runtime: Runtime) -> None:
    sites.add_site(runtime, "agora", CLASSIFIER)
    for _ in range(2):
        assert sites.disable_site(runtime, "agora").disabled_at is not None
    assert sites.enable_site(runtime, "agora").disabled_at is None
    assert audited(runtime) == ["site-add", "site-disable", "site-enable"]
    with pytest.raises(NotFound):
        sites.disable_site(runtime, "boule")


def test_a_site_is_changed_in_what_was_named(runtime: Runtime) -> None:
    sites.add_site(runtime, "agora", CLASSIFIER, "Agora", DisplayRules(Display.SHOW, Display.HIDE))
    changed = sites.change_site(runtime, "agora", while_pending=Display.HOLD)
    assert changed == sites.find_site(runtime, "agora")
    assert changed.display_rules == DisplayRules(Display.HOLD, Display.HIDE)
    assert sites.change_site(runtime, "agora", " Agora! ").title == "Agora!"
    assert audited(runtime) == ["site-add", "site-set", "site-set"]


def test_rules_of_a_site_are_changed_with_an_entry_each(runtime: Runtime) -> None:
    sites.add_site(runtime, "agora", CLASSIFIER)
    change_rules(runtime, "agora", appeal_days=30)
    change_rules(runtime, "agora")
    change_warning(runtime, "agora", 15)
    assert change_share(runtime, "agora", 0.1) == sites.find_site(runtime, "agora")
    assert audited(runtime) == ["site-add", "site-complaints", "site-warn", "site-second-look"]


def test_a_site_is_changed_into_nothing_senseless(held_runtime: Runtime) -> None:
    sites.add_site(held_runtime, "agora", CLASSIFIER)
    for title in (None, "", "two\nlines"):
        with pytest.raises(InvalidInput):
            sites.change_site(held_runtime, "agora", title)
    with pytest.raises(NotFound):
        sites.change_site(held_runtime, "boule", "Boule")
    assert audited(held_runtime) == ["site-add"]


@pytest.fixture
def agora_site(runtime: Runtime) -> Site:
    return sites.add_site(runtime, "agora", CLASSIFIER)


def test_somebody_new_sees_the_sites_that_were_named(runtime: Runtime, agora_site: Site) -> None:
    alice = people.add_user(runtime, " Alice@Example.ORG ", "Alice", Role.MODERATOR, ["agora"])
    assert alice.email == "alice@example.org"
    assert people.find_user(runtime, "ALICE@example.org") == alice
    assert people.list_users(runtime) == [alice]
    assert alice.sees(agora_site.id)


def test_an_address_is_taken_once_in_any_case(runtime: Runtime) -> None:
    people.add_user(runtime, "root@example.org", "Root", Role.ADMIN)
    with pytest.raises(Conflict):
        people.add_user(runtime, "ROOT@example.org", "Other", Role.ADMIN)


def test_nobody_is_added_half_where_a_site_is_misspelt(runtime: Runtime, agora_site: Site) -> None:
    del agora_site
    with pytest.raises(NotFound, match="agra"):
        people.add_user(runtime, "a@example.org", "Alice", Role.MODERATOR, ["agora", "agra"])
    assert people.list_users(runtime) == []


@pytest.mark.parametrize(
    "email",
    [
        "",
        "alice",
        "a b@c",
        "a@b@c",
        "a@b\nc",
        "@b",
        "a" * 256 + "@b",
        "a@[x.org",
        "a:b@x.org",
        "a[b@x.org",
    ],
)
def test_a_slip_in_an_address_is_caught(held_runtime: Runtime, email: str) -> None:
    with pytest.raises(InvalidInput):
        people.add_user(held_runtime, email, "Alice", Role.ADMIN)


def test_a_moderator_without_a_site_could_see_nothing(held_runtime: Runtime) -> None:
    with pytest.raises(InvalidInput, match="at least one site"):
        people.add_user(held_runtime, "a@example.org", "Alice", Role.MODERATOR)


def test_a_link_sets_a_password_once_and_replaces_older_links(runtime: Runtime) -> None:
    root = people.add_user(runtime, "root@example.org", "Root", Role.ADMIN)
    older = people.create_password_link(runtime, root.id)
    newer = people.create_password_link(runtime, root.id)
    with pytest.raises(NotFound):
        use_password_link(runtime, older, PASSWORD)
    use_password_link(runtime, newer, PASSWORD)
    with pytest.raises(NotFound):
        use_password_link(runtime, newer, PASSWORD)
    assert sign_in(runtime, "root@example.org", PASSWORD)


def test_a_link_works_for_a_day(held_runtime: Runtime, clock: FakeClock) -> None:
    root = people.add_user(held_runtime, "root@example.org", "Root", Role.ADMIN)
    token = people.create_password_link(held_runtime, root.id)
    clock.pass_time(seconds=people.LINK_LIFETIME.total_seconds())
    with pytest.raises(NotFound):
        use_password_link(held_runtime, token, PASSWORD)
    assert timedelta(hours=24) == people.LINK_LIFETIME


def test_who_is_disabled_is_out_at_once_and_gets_no_link(runtime: Runtime) -> None:
    root = people.add_user(runtime, "root@example.org", "Root", Role.ADMIN)
    people.set_password(runtime, root.id, PASSWORD)
    session = sign_in(runtime, "root@example.org", PASSWORD)
    link = people.create_password_link(runtime, root.id)
    assert people.disable_user(runtime, "root@example.org").disabled_at is not None
    assert read_session(runtime, session) is None
    with pytest.raises(Unauthenticated):
        sign_in(runtime, "root@example.org", PASSWORD)
    with pytest.raises(NotFound):
        use_password_link(runtime, link, PASSWORD)
    with pytest.raises(Conflict):
        people.create_password_link(runtime, root.id)
    people.enable_user(runtime, "root@example.org")
    assert read_session(runtime, session) is None
    assert sign_in(runtime, "root@example.org", PASSWORD)


def alices_session(runtime: Runtime) -> str:
    """Return the session of a moderator of Agora; there is a Boule too."""
    sites.add_site(runtime, "boule", CLASSIFIER)
    alice = people.add_user(runtime, "alice@example.org", "Alice", Role.MODERATOR, ["agora"])
    people.set_password(runtime, alice.id, PASSWORD)
    return sign_in(runtime, "alice@example.org", PASSWORD)


def seen(runtime: Runtime, session: str) -> tuple[Role, list[str]]:
    """Return what the dashboard knows of whoever has this session."""
    found = read_session(runtime, session)
    assert found is not None
    return found.user.role, [site.name for site in found.sites]


def test_somebody_signed_in_gets_and_loses_a_site_at_once(
    runtime: Runtime, agora_site: Site
) -> None:
    del agora_site
    session = alices_session(runtime)
    for _ in range(2):
        people.join_site(runtime, "ALICE@example.org", "boule")
    assert seen(runtime, session) == (Role.MODERATOR, ["agora", "boule"])
    for _ in range(2):
        people.leave_site(runtime, "alice@example.org", "agora")
    assert seen(runtime, session) == (Role.MODERATOR, ["boule"])
    assert audited(runtime)[-2:] == ["user-join", "user-leave"]


def test_somebody_signed_in_has_another_role_at_once(runtime: Runtime, agora_site: Site) -> None:
    del agora_site
    session = alices_session(runtime)
    for _ in range(2):
        people.change_role(runtime, "alice@example.org", Role.ADMIN)
    assert seen(runtime, session) == (Role.ADMIN, ["agora", "boule"])
    people.change_role(runtime, "alice@example.org", Role.OPERATOR)
    assert seen(runtime, session) == (Role.OPERATOR, ["agora"])
    assert audited(runtime)[-2:] == ["user-role", "user-role"]


def test_nobody_is_left_with_nothing_to_see(held_runtime: Runtime) -> None:
    sites.add_site(held_runtime, "agora", CLASSIFIER)
    people.add_user(held_runtime, "a@example.org", "Alice", Role.MODERATOR, ["agora"])
    people.add_user(held_runtime, "root@example.org", "Root", Role.ADMIN)
    with pytest.raises(InvalidInput, match="at least one site"):
        people.leave_site(held_runtime, "a@example.org", "agora")
    with pytest.raises(InvalidInput, match="at least one site"):
        people.change_role(held_runtime, "root@example.org", Role.MODERATOR)
    for unknown in (("b@example.org", "agora"), ("a@example.org", "agra")):
        with pytest.raises(NotFound):
            people.join_site(held_runtime, *unknown)
