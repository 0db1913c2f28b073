"""The settings of one process, read once from the environment and then frozen."""

import hashlib
import hmac
import os
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from moderation.environment import PREFIX, folder
from moderation.model.classifier_options import ClassifierOptions
from moderation.model.devices import Device
from moderation.model.errors import NotConfigured
from moderation.model.mail_addresses import is_one_sender
from moderation.model.mail_servers import MailServer, server_at

__all__ = [
    "MADE",
    "PREFIX",
    "ClassifierSettings",
    "Settings",
    "folder",
    "is_set",
    "read_classifier_settings",
    "read_settings",
]

AnySettings = TypeVar("AnySettings", bound=BaseSettings)

MIN_SECRET_LENGTH = 32

_HTTP_ADDRESS = r"^http://[^/@:\[\]]+:\d+$|^http://\[[0-9a-fA-F:]+\]:\d+$"

_WEB_ADDRESS = r"^https?://[^/@\s?#]+(/[^@\s?#]*)?$"

_SENDER = r"^([^<>@\r\n]* <[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$"

MADE = ("secret_key", "redis_url", "public_url", "scoring_url")
"""Settings that the embedded mode makes by itself, each kept in a file of its name."""


class ClassifierSettings(BaseSettings):
    """Which classifier judges: all that commands need which ask no database."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    classifier: str = "compact"
    classifier_device: Device = Device.CPU
    var: Path = Path("var")
    """Where the embedded mode keeps its files, and every process its progress marks."""
    models: Path = Field(default_factory=lambda data: data.get("var", Path("var")) / "models")
    """Where fetched models are."""
    ensemble: Annotated[tuple[str, ...], NoDecode] = ()
    """Who is asked where the classifier is `ensemble`, divided by commas."""
    remote_url: str | None = None
    """Where the classifier `remote` answers."""
    remote_token: SecretStr | None = None
    remote_seconds: float = Field(default=10.0, ge=0.1, le=60.0)
    """The deadline of one request to it."""

    @field_validator("ensemble", mode="before")
    @classmethod
    def _divided(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(name.strip() for name in value.split(",") if name.strip())

    def classifier_options(self) -> ClassifierOptions:
        """Return what the operator set for classifiers."""
        token = self.remote_token
        return ClassifierOptions(
            models=self.models,
            device=self.classifier_device,
            ensemble=self.ensemble,
            remote_url=self.remote_url,
            remote_token=token.get_secret_value() if token else None,
            remote_seconds=self.remote_seconds,
        )


class Settings(ClassifierSettings):
    """Everything an operator can set; docs/operations.md describes each variable."""

    secret_key: SecretStr
    database_url: str = Field(
        default_factory=lambda data: _sqlite_url(data.get("var", Path("var")))
    )
    redis_url: SecretStr = SecretStr("redis://127.0.0.1:6379/0")
    other_classifier: str | None = None
    """Which one judges comments in other languages, at sites whose policy routes them to it."""
    next_classifier: str | None = None
    """The one that `classifier` shall be changed to: until then it scores history alone."""
    workers: int = Field(default=2, ge=1, le=64)
    scoring_url: Annotated[str, Field(pattern=_HTTP_ADDRESS)] = "http://127.0.0.1:8079"
    """Where the scoring process listens, and where the web asks it."""
    scoring_seconds: float = Field(default=10.0, gt=0, le=60)
    """The dearest 20,480 bytes take `compact` 3.1 s, and 6.2 s with their sentences."""

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=1, le=65535)
    public_url: str | None = None
    """The address people type; decides the links and whether cookies demand HTTPS."""
    trusted_proxies: int = Field(default=0, ge=0, le=5)
    web_threads: int = Field(default=16, ge=4, le=128)
    rate_limits: bool = True
    perspective_quota: int = Field(default=0, ge=0)
    """Requests a minute of each key that asks as it asked Perspective; 0 is no limit."""
    perspective_url: Annotated[str, Field(pattern=_WEB_ADDRESS)] = (
        "https://commentanalyzer.googleapis.com/v1alpha1"
    )
    """Where Perspective is asked, for sites that wish it while they compare."""

    webhook_allow_http: bool = False
    webhook_allowed_networks: tuple[IPv4Network | IPv6Network, ...] = ()

    smtp_url: SecretStr | None = None
    """The server that takes our mails, with name and password where it asks for them."""
    mail_from: Annotated[str, Field(pattern=_SENDER)] | None = None
    """Whom mails come from. Without both nothing is mailed."""

    log_json: bool = True

    @field_validator("secret_key")
    @classmethod
    def _is_long(cls, value: SecretStr) -> SecretStr:
        if len(value.get_secret_value()) < MIN_SECRET_LENGTH:
            raise ValueError(f"must have at least {MIN_SECRET_LENGTH} characters")
        return value

    @field_validator("smtp_url")
    @classmethod
    def _is_a_server(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            server_at(value.get_secret_value())
        return value

    @field_validator("mail_from")
    @classmethod
    def _is_one_sender(cls, value: str | None) -> str | None:
        if value is not None and not is_one_sender(value):
            raise ValueError("must be one address; put a name with a comma in quotation marks")
        return value

    @property
    def mail_server(self) -> MailServer | None:
        """Who takes our mails; None where the operator did not say how to send any."""
        if self.smtp_url is None or self.mail_from is None:
            return None
        return server_at(self.smtp_url.get_secret_value())

    @cached_property
    def base_url(self) -> str:
        """The address of this installation, without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @cached_property
    def scoring_authorization(self) -> str:
        """The header that proves to the scoring process that one of its own asks."""
        return f"Bearer {self.derive_key('scoring').hex()}"

    def derive_key(self, purpose: str) -> bytes:
        """Return 32 secret bytes for one purpose, so that no two purposes share a key."""
        secret = self.secret_key.get_secret_value().encode()
        return hmac.new(secret, purpose.encode(), hashlib.sha256).digest()


def read_settings(**given: object) -> Settings:
    """Read the environment (and `NAME_FILE` for mounted secrets); `given` goes first.

    What `copydesk run` made for this machine stands in `var` and goes last, so that every command
    finds it. Raises NotConfigured with one line per wrong variable.
    """
    return _read(Settings, lambda: _from_folder(os.environ) | _from_files(os.environ) | given)


def read_classifier_settings() -> ClassifierSettings:
    """Read which classifier is configured, where there may be no installation at all.

    Raises NotConfigured with one line per wrong variable.
    """
    return _read(ClassifierSettings, lambda: _from_files(os.environ))


def _read(kind: type[AnySettings], find: Callable[[], dict[str, object]]) -> AnySettings:
    try:
        return kind(**find())  # type: ignore[arg-type]
    except OSError as error:
        raise NotConfigured(f"{error.filename}: {error.strerror}") from None
    except ValidationError as error:
        raise NotConfigured("; ".join(_complaints(error))) from None


def is_set(field: str) -> bool:
    """Say whether the operator set this field, here or in a file."""
    name = PREFIX + field.upper()
    return name in os.environ or f"{name}_FILE" in os.environ


def _sqlite_url(var: Path) -> str:
    return f"sqlite:///{var / 'copydesk.sqlite3'}"


def _from_folder(environ: Mapping[str, str]) -> dict[str, object]:
    return {
        name: path.read_text().strip()
        for name in MADE
        if PREFIX + name.upper() not in environ and (path := folder() / name).is_file()
    }


def _from_files(environ: Mapping[str, str]) -> dict[str, object]:
    suffix = "_FILE"
    return {
        name.removeprefix(PREFIX).removesuffix(suffix).lower(): Path(path).read_text().strip()
        for name, path in environ.items()
        if name.startswith(PREFIX) and name.endswith(suffix)
    }


def _complaints(error: ValidationError) -> Iterator[str]:
    for found in error.errors(include_input=False):
        # That a default could not be made only follows from another field's error.
        if found["type"] != "default_factory_not_called":
            yield f"{_variable(found['loc'])}: {found['msg']}"


def _variable(location: tuple[int | str, ...]) -> str:
    return PREFIX + "_".join(str(part) for part in location).upper()
