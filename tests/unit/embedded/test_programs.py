from pydantic import SecretStr

from moderation.broker import Task
from moderation.embedded.programs import programs
from moderation.settings import Settings

SETTINGS = Settings(secret_key=SecretStr("s" * 40), workers=3)


def test_every_task_queue_is_worked_off_by_exactly_one_program() -> None:
    commands = [program.command for program in programs(SETTINGS)]
    queues = [
        queue
        for command in commands
        if "--queues" in command
        for queue in command[command.index("--queues") + 1].split(",")
    ]
    assert sorted(queues) == sorted(Task)


def test_as_many_processes_classify_as_the_operator_says() -> None:
    (classify,) = [p.command for p in programs(SETTINGS) if p.name == "classify"]
    assert classify[classify.index("--concurrency") + 1] == "3"


def test_each_program_has_a_log_of_its_own() -> None:
    names = [program.name for program in programs(SETTINGS)]
    assert len(set(names)) == len(names)
