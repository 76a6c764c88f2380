"""What a real installation gets by its settings, read from the settings themselves (trust T17, T20, T22, T46)."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings

READ = """
import django, json
from django.conf import settings
from django.core.management import call_command
django.setup()
names = [name for name in dir(settings) if name.isupper() and name.split("_")[0] in
    ("SESSION", "CSRF", "LANGUAGE", "SECURE", "X", "USE", "ALLOWED", "ALLAUTH", "DEBUG")]
call_command("check", deploy=True, fail_level="WARNING")
print(json.dumps({name: getattr(settings, name) for name in names}, default=str))
"""


def read(**environment: str) -> dict[str, Any]:
    """The settings of a site with this environment, which ``check --deploy`` has nothing against."""
    env = os.environ | {"DEBUG": "no", "SECRET_KEY": "aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3z" * 2} | environment
    done = subprocess.run([sys.executable, "-c", READ], env=env, cwd=settings.ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("behind_proxy", ["yes", "no"])
def test_a_site_on_the_web(behind_proxy: str) -> None:
    read_ = read(SITE_URL="https://cpd.example.kg", BEHIND_PROXY=behind_proxy)
    assert read_["ALLOWED_HOSTS"] == ["cpd.example.kg"]
    assert "USE_X_FORWARDED_HOST" not in read_ or read_["USE_X_FORWARDED_HOST"] is False
    assert read_["SECURE_SSL_REDIRECT"] is True
    assert read_["SECURE_HSTS_SECONDS"] >= 60 * 60 * 24 * 365
    # Other names of the ministry's domain are not ours to bind.
    assert (read_["SECURE_HSTS_INCLUDE_SUBDOMAINS"], read_["SECURE_HSTS_PRELOAD"]) == (False, False)
    assert read_["X_FRAME_OPTIONS"] == "DENY"
    for cookie in ("SESSION", "CSRF", "LANGUAGE"):
        assert read_[f"{cookie}_COOKIE_NAME"].startswith("__Host-")
        assert read_[f"{cookie}_COOKIE_SECURE"] is True
        assert read_[f"{cookie}_COOKIE_DOMAIN"] is None
        assert read_[f"{cookie}_COOKIE_PATH"] == "/"
    trusted = 1 if behind_proxy == "yes" else 0
    assert read_["ALLAUTH_TRUSTED_PROXY_COUNT"] == trusted
    assert bool(read_["SECURE_PROXY_SSL_HEADER"]) is bool(trusted)


def test_the_whole_domain_is_bound_where_that_is_said() -> None:
    read_ = read(SITE_URL="https://cpd.example.kg", HSTS_WHOLE_DOMAIN="yes")
    assert (read_["SECURE_HSTS_INCLUDE_SUBDOMAINS"], read_["SECURE_HSTS_PRELOAD"]) == (True, True)


def test_the_policy_names_what_may_be_loaded_and_nothing_inline() -> None:
    policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    for name in ("default-src", "object-src", "base-uri", "frame-ancestors"):
        assert policy[name] == ["'none'"]
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == ["'self'"]
    sources = {source for named in policy.values() for source in named}
    assert sources == {"'none'", "'self'", "data:"}
    assert [name for name, named in policy.items() if "data:" in named] == ["img-src"]
