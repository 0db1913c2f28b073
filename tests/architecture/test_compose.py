"""docker-compose.yml and the Dockerfile, read as text: what they promise holds for each service."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import SecretStr

from moderation.broker import Task
from moderation.embedded.programs import programs
from moderation.progress import NAMES
from moderation.settings import PREFIX, Settings
from tests.runtimes import SECRET

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text()
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
EXAMPLE = (ROOT / ".env.example").read_text()
DEPLOYING = (ROOT / "docs" / "deploying.md").read_text()
REMOTE = (ROOT / "docs" / "classifiers" / "remote.md").read_text()

DATABASES = ("postgres", "redis")
ENDS_BY_ITSELF = "migrate"
CALLED = "fetch"
"""Runs when an operator calls it, and asks for nothing but the internet."""

FIXED = {
    "var": "the worker's image sets it: marks of progress are all that is written",
    "host": "the image listens on every address of its container",
    "port": "COPYDESK_PUBLISH chooses the one that others see",
    "models": "the image sets it, and a volume is there",
}
"""Settings that are not handed to the containers, and why."""


@pytest.fixture(params=SERVICES)
def service(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = SERVICES[request.param]
    return found


def command(service: dict[str, Any]) -> list[str]:
    given = service.get("command", [])
    return given.split() if isinstance(given, str) else given


def consumed(arguments: list[str]) -> list[str]:
    """Return the task queues that a command line names."""
    if "--queues" not in arguments:
        return []
    return arguments[arguments.index("--queues") + 1].split(",")


def stage(target: str) -> str:
    """Return the part of the Dockerfile that describes one stage."""
    parts = re.split(rf"^FROM \S+ AS {target}\n", DOCKERFILE, flags=re.MULTILINE)
    return parts[1].split("\nFROM ")[0]


def settings() -> Settings:
    return Settings(secret_key=SecretStr(SECRET))


def test_each_task_queue_is_consumed_by_one_service() -> None:
    queues = [queue for service in SERVICES.values() for queue in consumed(command(service))]
    assert sorted(queues) == sorted(Task)


def test_each_task_queue_is_consumed_by_one_program_of_the_embedded_mode() -> None:
    queues = [queue for one in programs(settings()) for queue in consumed(list(one.command))]
    assert sorted(queues) == sorted(Task)


def test_services_and_embedded_programs_are_the_same() -> None:
    ours = {"classify" if name == "worker" else name for name in SERVICES}
    ours -= {*DATABASES, ENDS_BY_ITSELF, CALLED}
    assert ours == {program.name for program in programs(settings())}


def test_celery_runs_with_the_same_options_in_both_modes() -> None:
    embedded = {one.name: list(one.command) for one in programs(settings())}
    for name, service in SERVICES.items():
        arguments = command(service)
        if "celery" in arguments:
            other = embedded["classify" if name == "worker" else name]
            assert options(arguments) == options(other[other.index("celery") :]), name


def test_each_worker_is_asked_for_its_progress_and_can_be_ended() -> None:
    checked = {}
    for name in {"classify" if one == "worker" else one for one in SERVICES} & set(NAMES):
        service = SERVICES["worker" if name == "classify" else name]
        checked[name] = service["healthcheck"]["test"]
        # A signal from inside its container cannot end the first process of one.
        assert service["init"] is True
    assert checked == {
        name: ["CMD", "python", "-m", "moderation.health", "--end", name] for name in NAMES
    }
    assert "ENV COPYDESK_VAR=/tmp\n" in stage("worker")


def test_the_probe_for_kubernetes_names_each_worker() -> None:
    (first, others) = re.findall(r"moderation\.health, (\w+)\] +# or (.*)", DEPLOYING)[0]
    assert sorted([first, *others.split(", ")]) == sorted(NAMES)


def options(arguments: list[str]) -> dict[str, str | None]:
    """Return a command line's options with their values, but those that a machine decides."""
    found: dict[str, str | None] = {}
    for word, following in zip(arguments, [*arguments[1:], "--"], strict=True):
        if word.startswith("--"):
            found[word] = None if following.startswith("--") else following
    decided = {"--schedule"}
    if found.get("--queues") == Task.CLASSIFY:
        decided.add("--concurrency")
    return {name: value for name, value in found.items() if name not in decided}


def test_no_secret_has_a_default() -> None:
    for variable in ("COPYDESK_SECRET_KEY", "POSTGRES_PASSWORD"):
        uses = re.findall(rf"\$\{{?{variable}[^}}]*\}}?", TEXT)
        assert uses, variable
        assert all(use.startswith(f"${{{variable}:?") for use in uses), variable
        assert re.search(rf"^{variable}=$", EXAMPLE, re.MULTILINE), variable


def test_no_address_carries_a_password() -> None:
    assert re.findall(r"\w+://[^/\s:]*:[^/\s@]+@", TEXT + DOCKERFILE) == []


def test_each_image_has_a_tag_that_says_which() -> None:
    bases = re.findall(r"^FROM (\S+:\S+) AS", DOCKERFILE, re.MULTILINE)
    assert bases == ["python:3.11-slim-bookworm"]
    for name, service in SERVICES.items():
        assert re.fullmatch(r"[a-z-]+:(?!latest).+", service["image"]), name


def test_each_service_runs_as_an_ordinary_user(service: dict[str, Any]) -> None:
    user = service.get("user")
    if user is None:
        target = service["image"].removeprefix("copydesk-").split(":")[0]
        user = re.findall(r"^USER (\S+)$", stage(target), re.MULTILINE)[-1]
    assert user.split(":")[0] not in {"root", "0", ""}


def test_each_service_has_no_more_rights_than_it_needs(service: dict[str, Any]) -> None:
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert "privileged" not in service
    assert not any("docker.sock" in volume for volume in service.get("volumes", []))


def test_only_the_web_can_be_reached_and_only_from_this_machine_by_default() -> None:
    published = {name: one["ports"] for name, one in SERVICES.items() if "ports" in one}
    assert published == {"web": ["${COPYDESK_PUBLISH:-127.0.0.1:8080}:8080"]}


def test_only_those_who_must_can_reach_the_internet() -> None:
    assert {name for name, one in SERVICES.items() if "outside" in one["networks"]} == {
        "web",
        "deliveries",
        CALLED,
    }


def test_a_remote_classifier_elsewhere_is_reached_by_all_who_judge() -> None:
    (shown,) = re.findall(r"```yaml\n(services:\n  worker: .*?)```", REMOTE, re.DOTALL)
    judge = {
        name
        for name, one in SERVICES.items()
        if any(volume.startswith("models:") for volume in one.get("volumes", []))
    }
    kept_in = {name for name in judge if "outside" not in SERVICES[name]["networks"]}
    overridden = yaml.safe_load(shown)["services"]
    assert overridden == {name: {"networks": ["data", "outside"]} for name in kept_in}


def test_what_must_last_lies_on_a_named_volume() -> None:
    assert "postgres:/var/lib/postgresql/data" in SERVICES["postgres"]["volumes"]
    assert "redis:/data" in SERVICES["redis"]["volumes"]
    assert set(DATABASES) <= set(yaml.safe_load(TEXT)["volumes"])


def test_models_are_written_by_one_service_and_read_by_those_that_judge() -> None:
    mounts = {
        name: volume.removeprefix("models:/models")
        for name, one in SERVICES.items()
        for volume in one.get("volumes", [])
        if volume.startswith("models:")
    }
    assert mounts == {CALLED: "", "web": ":ro", "worker": ":ro", "retry": ":ro", "scoring": ":ro"}
    assert SERVICES[CALLED]["profiles"] == [CALLED]
    assert command(SERVICES[CALLED]) == []
    assert SERVICES[CALLED]["entrypoint"] == ["copydesk", "classifiers", "fetch"]
    assert "ENV COPYDESK_MODELS=/models\n" in stage("base")


def test_an_accepted_comment_is_on_the_disk_and_queued_work_is_never_evicted() -> None:
    assert {"synchronous_commit=on", "fsync=on"} <= set(command(SERVICES["postgres"]))
    redis = " ".join(command(SERVICES["redis"]))
    assert "--appendonly yes" in redis
    assert "--maxmemory-policy noeviction" in redis


def test_nothing_of_ours_starts_before_the_tables_are_there() -> None:
    for name in set(SERVICES) - {*DATABASES, ENDS_BY_ITSELF, CALLED}:
        needs = SERVICES[name]["depends_on"]
        assert needs["migrate"] == {"condition": "service_completed_successfully"}, name


def test_everything_but_the_migration_is_started_again_when_it_ends() -> None:
    policies = {name: service["restart"] for name, service in SERVICES.items()}
    assert policies.pop(ENDS_BY_ITSELF) == policies.pop(CALLED) == "no"
    assert set(policies.values()) == {"unless-stopped"}


def test_an_image_is_built_by_the_first_service_that_starts_from_it() -> None:
    # docker-compose 1 would otherwise look for it in a registry.
    builders = {name: one["image"] for name, one in SERVICES.items() if "build" in one}
    for name, service in SERVICES.items():
        able = {builder for builder, image in builders.items() if image == service["image"]}
        assert name in able or name in DATABASES or able & set(service["depends_on"])


def test_the_override_for_databases_of_ones_own_frees_each_service_from_ours() -> None:
    (shown,) = re.findall(r"```yaml\n(services:\n  postgres: !reset.*?)```", DEPLOYING, re.DOTALL)
    overridden = yaml.safe_load(re.sub(r"!(reset|override)", "", shown))["services"]
    need_ours = {
        name for name, its in SERVICES.items() if {*DATABASES} & {*its.get("depends_on", ())}
    }
    assert need_ours <= overridden.keys()
    for name in need_ours:
        assert not {*DATABASES} & {*(overridden[name]["depends_on"] or ())}


def test_every_setting_can_be_made_in_the_environment_file() -> None:
    handed = SERVICES["web"]["environment"]
    wanted = {PREFIX + field.upper() for field in Settings.model_fields if field not in FIXED}
    assert wanted == {name for name in handed if name.startswith(PREFIX)}


def test_every_service_of_ours_has_the_same_settings() -> None:
    environments = [SERVICES[name]["environment"] for name in SERVICES if name not in DATABASES]
    assert all(environment == environments[0] for environment in environments)


def test_the_example_names_every_variable_and_no_other() -> None:
    used = set(re.findall(r"\$\{([A-Z0-9_]+)", TEXT))
    used |= {name for name, value in SERVICES["web"]["environment"].items() if value is None}
    named = set(re.findall(r"^#?([A-Z0-9_]+)=", EXAMPLE, re.MULTILINE))
    assert named == used - {"PIP_EXTRA_INDEX_URL"}


def test_dependencies_are_installed_by_their_hashes_alone() -> None:
    installs = re.findall(r"pip --python \S+ install (.*?)(?:\n[A-Z]|;|\Z)", DOCKERFILE, re.DOTALL)
    assert len(installs) == 3
    for install in installs:
        assert "--require-hashes" in install or "--no-deps --no-build-isolation" in install


def test_the_web_image_never_gets_detoxify() -> None:
    before_worker = DOCKERFILE.split("AS worker-dependencies")[0]
    assert "requirements/detoxify" not in before_worker
    assert "--from=worker-dependencies" not in stage("web")


def test_only_what_is_named_gets_into_an_image() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    assert not {"!.env", "!var", "!tests", "!.git", "!."} & set(rules)
