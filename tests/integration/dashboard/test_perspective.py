"""From Perspective: operators see what stands for their thresholds, and take it over."""

import re
from html import unescape
from random import Random

import pytest
from sqlalchemy import update

from moderation.model import perspective_estimates
from moderation.model.errors import Forbidden, NotFound
from moderation.model.labels import Label
from moderation.model.perspective import Attribute
from moderation.model.policy import Policy, Threshold
from moderation.runtime import Runtime
from moderation.services import tuning
from moderation.services.classifier_versions import saw_classifier
from moderation.services.shadowing import Shadowing, begin_shadow, end_shadow
from moderation.services.translating import read_translation
from moderation.storage.policies import policies
from tests.evidence import write_policy
from tests.factories import CIVIL, CLASSIFIER, NEXT, Agora, classify_all, submit
from tests.integration.dashboard.conftest import Browser
from tests.integration.dashboard.test_thresholds import KNOWN
from tests.statements import heard

PAGE = "/thresholds/perspective"
TOKENS = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


@pytest.fixture(autouse=True)
def _known(runtime: Runtime, agora: Agora) -> None:
    del agora
    saw_classifier(runtime, CLASSIFIER, KNOWN)


def score(runtime: Runtime, agora: Agora, number: int) -> None:
    """Let both score comments: ours gives half of what Perspective gives, more or less."""
    lot = Random(7)  # noqa: S311 - no secret
    for at in range(number):
        old = at / number
        given = {Attribute.TOXICITY: old, Attribute.INSULT: 1 - old}
        submit(runtime, agora.site_id, f"p{at}", text="canary", perspective_scores=given)
        new = old / 2.2 + lot.random() / 20
        classify_all(runtime, CIVIL | {Label.TOXICITY: new, Label.INSULT: 0.5 - old / 2})


@pytest.fixture
def enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let forty comments be enough."""
    monkeypatch.setattr("moderation.services.translating.ENOUGH", 40)
    monkeypatch.setattr("api.dashboard.perspective.ENOUGH", 40)


def form_of(page: str) -> dict[str, str]:
    """Return the fields that the button beside the numbers sends."""
    [form] = re.findall(r'<form method="post"[^>]*takeover">(.*?)</form>', page, re.DOTALL)
    return {name: unescape(value) for name, value in TOKENS.findall(form)}


def test_without_pairs_it_shows_rough_figures_and_says_so(olga: Browser) -> None:
    page = olga.get(PAGE).text
    assert "Rough: on strangers" in page
    for one in perspective_estimates.TOXICITY:
        interval = f'<span class="by">{one.low:.2f} to {one.high:.2f}</span>'
        row = f"<strong>{one.same_share:.2f}</strong> {interval}</td><td>{one.best:.2f}</td>"
        assert row in page
    assert page.count("<strong>0.") == len(perspective_estimates.TOXICITY)
    # The classifier of the tests is another than the one that was measured.
    assert "Not for your classifier" in page
    assert "Perspective was never asked from here" in page
    assert "copydesk perspective record agora FILE" in page
    assert olga.get("/thresholds").text.count(f'href="{PAGE}"') == 1


def test_it_says_how_the_shadow_period_stands(runtime: Runtime, olga: Browser) -> None:
    begin_shadow(runtime, "agora", Shadowing("the-key", share=0.5))
    page = olga.get(PAGE).text
    assert "of 50 % of the comments the text goes to Google, at most 1 a second" in page
    assert "the-key" not in page
    assert "For more" not in page
    end_shadow(runtime, "agora")
    assert "Switched off" in olga.get(PAGE).text


def test_pairs_are_drawn_and_told_in_a_table(runtime: Runtime, agora: Agora, olga: Browser) -> None:
    score(runtime, agora, 40)
    page = olga.get(PAGE).text
    assert "40 comments with scores by Perspective" in page
    assert page.count('class="scatter"') == 2
    assert page.count("<circle") == 80
    assert page.count('<th scope="row">0.3 to 0.4</th><td>4</td><td>0.') == 2
    assert re.search(r"40 comments; rank correlation\s+0\.9\d \(0\.9\d to \d\.\d\d\)", page)
    for threshold in ("0.7", "0.8", "0.9"):
        assert page.count(f'<tr><th scope="row">{threshold}</th>') == 2
    assert "Fewer than 200 comments" in page
    assert "takeover" not in page
    assert "Rough" not in page
    assert "canary" not in page


def test_many_pairs_are_drawn_as_fields(
    runtime: Runtime, agora: Agora, olga: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.dashboard.scatter.MOST_DOTS", 10)
    score(runtime, agora, 20)
    page = olga.get(PAGE).text
    assert "<circle" not in page
    assert 10 < page.count('<rect class="shade-') <= 40


@pytest.mark.usefixtures("enough")
def test_what_stands_for_a_typed_threshold_is_filled_into_the_form_and_previewed(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    score(runtime, agora, 40)
    page = olga.get(f"{PAGE}?at_TOXICITY=0,5").text
    assert 'name="at_TOXICITY" value="0,5"' in page
    assert page.count('<tr><th scope="row">0.5</th><td>20') == 1
    found = read_translation(runtime, agora.olga, agora.site_id, {Attribute.TOXICITY: 0.5})
    [ours] = [one.carried[0] for one in found.attributes if one.typed]
    assert f"<strong>{ours.translation.threshold:.2f}</strong>" in page
    form = form_of(page)
    assert form["flag_toxicity"] == f"{ours.threshold.flag:g}"
    assert (form["flag_insult"], form["flag_obscene"]) == ("0.8", "")
    assert form["reason"].startswith("From Perspective, TOXICITY 0.5: the same share, on 40 ")
    preview = olga.post("/thresholds", 200, do="preview", **form).text
    assert f'value="{form["flag_toxicity"]}"' in preview
    assert re.search(r"comments, 20 would wait for a person", preview)
    assert len(tuning.read_tuning(runtime, agora.olga, agora.site_id).history) == 1
    olga.post("/thresholds", do="publish", **form)
    history = tuning.read_tuning(runtime, agora.olga, agora.site_id).history
    assert history[0].policy.thresholds[Label.TOXICITY] == ours.threshold
    assert history[0].policy.thresholds[Label.INSULT] == history[1].policy.thresholds[Label.INSULT]


@pytest.mark.usefixtures("enough")
def test_labels_that_are_not_taken_over_keep_what_they_reject(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    score(runtime, agora, 40)
    hard = {Label.TOXICITY: Threshold(0.8, 0.9), Label.THREAT: Threshold(reject=0.95)}
    write_policy(runtime, agora.site_id, Policy(CLASSIFIER, hard))
    form = form_of(olga.get(f"{PAGE}?at_TOXICITY=0.5").text)
    assert (form["reject_toxicity"], form["reject_threat"], form["rejecting"]) == ("", "0.95", "1")


@pytest.mark.usefixtures("enough")
def test_numbers_for_another_classifier_are_not_put_beside_these(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    score(runtime, agora, 40)
    with runtime.transaction() as connection:
        connection.execute(update(policies).values(classifier=NEXT))
    form = form_of(olga.get(f"{PAGE}?at_TOXICITY=0.5").text)
    assert (form["classifier"], form["flag_insult"], form["flag_threat"]) == (CLASSIFIER, "", "")


@pytest.mark.parametrize("typed", ["high", "80", "-0.1", "0", "nan"])
def test_what_is_no_threshold_is_said_at_its_field(
    runtime: Runtime, agora: Agora, olga: Browser, typed: str
) -> None:
    score(runtime, agora, 3)
    page = olga.get(f"{PAGE}?at_TOXICITY={typed}&at_INSULT=0.5", 422).text
    assert 'id="wrong-TOXICITY">TOXICITY: write a number above 0' in page
    assert 'aria-describedby="wrong-TOXICITY"' in page
    assert '<tr><th scope="row">0.5</th>' in page


def test_it_is_for_operators_of_the_site(
    runtime: Runtime, agora: Agora, alice: Browser, olga: Browser
) -> None:
    alice.get(PAGE, 403)
    olga.get(f"{PAGE}?site=boule", 404)
    olga.get(f"{PAGE}?classifier=compact@0", 404)
    with pytest.raises(Forbidden):
        read_translation(runtime, agora.alice, agora.site_id, {})
    with pytest.raises(NotFound):
        read_translation(runtime, agora.olga, agora.other_site_id, {})


def test_the_pairs_of_another_site_are_not_shown(
    runtime: Runtime, agora: Agora, ines: Browser
) -> None:
    score(runtime, agora, 3)
    assert "Rough" in ines.get(f"{PAGE}?site=boule").text
    page = ines.get(f"{PAGE}?site=agora&at_TOXICITY=0.5").text
    assert "3 comments" in page
    # The menu of sites leads to the same page, and the form stays at its site.
    assert f'href="{PAGE}?site=boule"' in page
    assert '<input type="hidden" name="site" value="agora">' in page


@pytest.mark.usefixtures("backlog_is_known")
def test_the_number_of_statements_does_not_grow(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    def counted() -> int:
        with heard(runtime) as said:
            olga.get(f"{PAGE}?at_TOXICITY=0.5")
        return len(said)

    score(runtime, agora, 2)
    first = counted()
    score(runtime, agora, 12)
    assert counted() == first < 20


def test_the_page_keeps_the_policy_of_all_pages(olga: Browser) -> None:
    answer = olga.get(PAGE)
    assert "'unsafe-inline'" not in answer.headers["Content-Security-Policy"]
    assert " style=" not in answer.text
    assert "<script>" not in answer.text
