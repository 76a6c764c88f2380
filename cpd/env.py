"""Settings from the environment, each read once and each refused by name.

A missing or bad value raises ``BadSetting`` with one sentence; ``manage.py`` and ``wsgi.py`` print it and stop.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

MAIL = "smtp://USER:PASSWORD@HOST[:PORT] or smtps://USER:PASSWORD@HOST[:PORT]"
FILES = "s3://KEY:SECRET@HOST/BUCKET?region=REGION or file:///FOLDER"
MOST_DAYS = 3660
DATABASES = ("sqlite:///", "postgres://", "postgresql://")


class BadSetting(ImproperlyConfigured):
    """One setting is missing or unusable; the message names it."""


class Env:
    """Typed readers over ``os.environ``, completed from a ``.env`` file where there is one."""

    def __init__(self, dotenv: Path) -> None:
        self._env = environ.Env()
        if dotenv.is_file():
            self._env.read_env(str(dotenv))

    def text(self, name: str, default: str | None = None, *, at_least: int = 0) -> str:
        # Not environ.Env.str: it would take a value that begins with “$” for the name of another setting.
        value = os.environ.get(name, "").strip() or (default or "")
        if not value and default is None:
            raise BadSetting(f"The setting {name} is missing: see .env.example.")
        if len(value) < at_least:
            raise BadSetting(f"The setting {name} is too short: at least {at_least} characters are needed.")
        return value

    def keys(self, name: str, *, at_least: int) -> list[str]:
        """Secret keys with spaces between them."""
        found = self.text(name, "").split()
        if any(len(key) < at_least for key in found):
            raise BadSetting(f"The setting {name} holds a key of less than {at_least} characters.")
        return found

    def flag(self, name: str, default: bool) -> bool:
        value = self.text(name, "yes" if default else "no").lower()
        if value not in {"yes", "no"}:
            raise BadSetting(f"The setting {name} must be “yes” or “no”, not “{value}”.")
        return value == "yes"

    def choice(self, name: str, default: str, choices: Sequence[str]) -> str:
        value = self.text(name, default)
        if value not in choices:
            raise BadSetting(f"The setting {name} must be one of {', '.join(choices)}, not “{value}”.")
        return value

    def number(self, name: str, default: int, *, least: int, most: int) -> int:
        """A whole number from ``least`` to ``most``."""
        value = self.text(name, str(default))
        if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
            raise BadSetting(f"The setting {name} must be a whole number from {least} to {most}, not “{value}”.")
        return int(value)

    def words(self, name: str) -> tuple[str, ...]:
        """Words with commas between them; none where nothing is set."""
        return tuple(filter(None, (word.strip() for word in self.text(name, "").split(","))))

    def days(self, name: str, default: str) -> tuple[int, ...]:
        """Whole numbers of days with commas between them."""
        value = self.text(name, default)
        parts = [part.strip() for part in value.split(",")]
        if not all(part.isascii() and part.isdigit() and 0 < int(part) <= MOST_DAYS for part in parts):
            raise BadSetting(f"The setting {name} must look like {default}, not “{value}”.")
        return tuple(int(part) for part in parts)

    def mail(self, name: str) -> dict[str, Any]:
        """The settings of e-mail; without an address none is sent.

        ``smtp://USER:PASSWORD@HOST[:PORT]`` asks the server for TLS (STARTTLS), ``smtps://`` begins with it.
        ``smtp://HOST[:PORT]?insecure=yes`` speaks openly, for a relay on the same machine.
        """
        value = self.text(name, "")
        if not value:
            return {"SENDS_MAIL": False, "EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
        # The value may hold a password, so no sentence repeats it.
        try:
            parts = urlsplit(value)
            options = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
            port = parts.port
        except ValueError:
            raise BadSetting(f"The setting {name} cannot be read: it must look like {MAIL}.") from None
        insecure = options.pop("insecure", "no")
        is_smtps = parts.scheme == "smtps"
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or parts.path.strip("/") or options:
            raise BadSetting(f"The setting {name} must look like {MAIL}.")
        if insecure not in {"yes", "no"} or (is_smtps and insecure == "yes"):
            raise BadSetting(f"The setting {name} may end in insecure=yes with smtp:// alone.")
        return {
            "SENDS_MAIL": True,
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": parts.hostname,
            "EMAIL_PORT": port or (465 if is_smtps else 587),
            "EMAIL_HOST_USER": unquote(parts.username or ""),
            "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
            "EMAIL_USE_SSL": is_smtps,
            "EMAIL_USE_TLS": not is_smtps and insecure == "no",
        }

    def site_url(self, name: str, default: str) -> str:
        """The one address people use, without a path: ``https://cpd.example.kg``."""
        value = self.text(name, default).rstrip("/")
        try:
            parts = urlsplit(value)
            valid = parts.scheme in {"http", "https"} and parts.hostname and (parts.port or True)
        except ValueError:
            valid = False
        if not valid or parts.path or parts.query or parts.fragment:
            raise BadSetting(f"The setting {name} must look like https://cpd.example.kg, not “{value}”.")
        return value

    def database(self, name: str, default: str) -> dict[str, Any]:
        """A Django database entry from ``sqlite:///FILE`` or ``postgres://USER:PASSWORD@HOST:PORT/NAME``.

        The folder of a SQLite file is made where it is missing.
        """
        value = self.text(name, default)
        if not value.startswith(DATABASES):
            raise BadSetting(f"The setting {name} must start with sqlite:/// or postgres://.")
        # The value may hold a password, so no sentence repeats it.
        try:
            entry = self._env.db_url_config(value)
        except (ValueError, ImproperlyConfigured):
            raise BadSetting(f"The setting {name} cannot be read as a database address.") from None
        if entry["NAME"] in {"", ":memory:"}:
            raise BadSetting(f"The setting {name} names no database.")
        if value.startswith("sqlite"):
            try:
                Path(entry["NAME"]).parent.mkdir(parents=True, exist_ok=True)
            except OSError:
                raise BadSetting(f"The setting {name} names a folder that cannot be made.") from None
        return entry

    def file_store(self, name: str, default: Path, *, public: Sequence[Path]) -> dict[str, Any]:
        """Where uploaded files lie, as an entry of STORAGES.

        ``file:///FOLDER``, made where it is missing, outside of every ``public`` folder; or
        ``s3://KEY:SECRET@HOST[:PORT]/BUCKET[?region=REGION][&insecure=yes]``, by https unless ``insecure``.
        """
        value = self.text(name, f"file://{default}")
        # The value may hold a password, so no sentence repeats it.
        try:
            parts = urlsplit(value)
            options = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
            port = f":{parts.port}" if parts.port else ""
        except ValueError:
            raise BadSetting(f"The setting {name} cannot be read: it must look like {FILES}.") from None
        path = unquote(parts.path)
        if parts.scheme == "file" and not parts.netloc and not parts.query and len(path) > 1:
            return {"BACKEND": "cpd.storage.FolderStore", "OPTIONS": {"location": self._folder(name, path, public)}}
        insecure = options.pop("insecure", "no")
        region = options.pop("region", "")
        key, secret, bucket = unquote(parts.username or ""), unquote(parts.password or ""), path.strip("/")
        if parts.scheme != "s3" or not (key and secret and parts.hostname and bucket) or "/" in bucket or options:
            raise BadSetting(f"The setting {name} must look like {FILES}.")
        if insecure not in {"yes", "no"}:
            raise BadSetting(f"The setting {name} may end in insecure=yes or insecure=no, and nothing else.")
        return {
            "BACKEND": "cpd.bucket.BucketStore",
            "OPTIONS": {
                "access_key": key,
                "secret_key": secret,
                "endpoint_url": f"{'http' if insecure == 'yes' else 'https'}://{parts.hostname}{port}",
                "region_name": region,
                "bucket": bucket,
            },
        }

    def _folder(self, name: str, path: str, public: Sequence[Path]) -> Path:
        folder = Path(path).resolve()
        if any(folder.is_relative_to(one.resolve()) for one in public):
            raise BadSetting(f"The setting {name} names a folder that everybody can read over the web.")
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            raise BadSetting(f"The setting {name} names a folder that cannot be made.") from None
        return folder
