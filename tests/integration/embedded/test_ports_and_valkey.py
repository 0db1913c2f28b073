import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import pytest

from moderation.embedded import programs
from moderation.embedded.errors import CannotStart
from moderation.embedded.folder import Folder, open_folder
from moderation.embedded.ports import check_web_port, free_port
from moderation.embedded.scoring import choose_address
from moderation.embedded.valkey import configure_valkey
from tests.servers import wait_for_redis


def test_a_taken_web_port_is_named_with_what_to_do() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(CannotStart, match=rf"Port {port} of .*COPYDESK_PORT="):
            check_web_port("127.0.0.1", port)


def test_an_address_of_another_machine_is_named() -> None:
    with pytest.raises(CannotStart, match=r"Nobody can listen on 192\.0\.2\.1"):
        check_web_port("192.0.2.1", 8080)


@pytest.fixture(params=["var", 'a "quoted" \\ name'])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Folder]:
    with open_folder(tmp_path / request.param) as made:
        yield made


def address(folder: Folder) -> SplitResult:
    return urlsplit((folder.path / "redis_url").read_text().strip())


def test_valkey_keeps_port_and_password_and_gives_way_where_the_port_is_taken(
    folder: Folder,
) -> None:
    configure_valkey(folder)
    first = address(folder)
    configure_valkey(folder)
    assert address(folder) == first
    with socket.socket() as other:
        other.bind(("127.0.0.1", first.port or 0))
        configure_valkey(folder)
    assert address(folder).port != first.port
    assert address(folder).password == first.password


def test_the_scoring_process_keeps_its_port_unless_that_is_taken(folder: Folder) -> None:
    def port() -> int:
        choose_address(folder)
        return urlsplit((folder.path / "scoring_url").read_text().strip()).port or 0

    first = port()
    assert port() == first
    with socket.socket() as other:
        other.bind(("127.0.0.1", first))
        assert port() != first


def test_valkey_keeps_its_data_in_the_folder_and_wants_its_password(folder: Folder) -> None:
    program = programs.valkey(configure_valkey(folder))
    with subprocess.Popen(program.command, stdout=subprocess.DEVNULL) as process:  # noqa: S603 - our own command
        try:
            wait_for_redis(address(folder).geturl())
            assert (folder.valkey / "appendonlydir").is_dir()
            place = ("127.0.0.1", address(folder).port or 0)
            with socket.create_connection(place) as stranger:
                stranger.sendall(b"PING\r\n")
                assert stranger.recv(100).startswith(b"-NOAUTH")
        finally:
            process.terminate()


def test_a_free_port_can_be_bound() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", free_port()))
