"""Both places where files may lie behave alike: whole or not there, nobody else's, without an address."""

import datetime as dt
import io
import stat
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile, File
from moto.server import ThreadedMotoServer

from cpd.bucket import BucketStore
from cpd.storage import FolderStore

NAME = "ab/abcdef.jpg"
KEY, SECRET = "the-key", "hunter2"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def folder(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "files")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A real S3-compatible server on this machine."""
    running = ThreadedMotoServer(port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host.replace('0.0.0.0', '127.0.0.1')}:{port}"  # noqa: S104  (asked for, not listened on)
    running.stop()


@pytest.fixture
def bucket(server: str, monkeypatch: pytest.MonkeyPatch) -> BucketStore:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    name = f"scans-{time.monotonic_ns()}"
    store = BucketStore(access_key=KEY, secret_key=SECRET, endpoint_url=server, region_name="us-east-1", bucket=name)
    store.connection.create_bucket(Bucket=name)
    return store


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)


def content(data: bytes = b"a scan") -> File:
    return ContentFile(data)


# Both --------------------------------------------------------------------------------------------------------------


def test_what_was_saved_is_read_again(store):
    assert store.save(NAME, content(b"x" * 200_000)) == NAME
    with store.open(NAME) as file:
        assert file.read() == b"x" * 200_000


def test_what_is_not_there_is_said_to_be_missing(store):
    with pytest.raises(FileNotFoundError):
        store.open(NAME)


def test_a_file_is_removed_and_removing_it_twice_is_no_mistake(store):
    store.save(NAME, content())
    store.delete(NAME)
    store.delete(NAME)
    assert list(store.everything()) == []
    with pytest.raises(FileNotFoundError):
        store.open(NAME)


def test_everything_is_listed_with_the_moment_it_was_written(store):
    names = {NAME, f"{NAME}-1.jpg", "cd/cdef.pdf"}
    for name in names:
        store.save(name, content())
    listed = dict(store.everything())
    assert set(listed) == names
    age = dt.datetime.now(dt.UTC) - min(listed.values())
    assert abs(age) < dt.timedelta(minutes=1)


def test_no_file_has_an_address(store):
    store.save(NAME, content())
    with pytest.raises(ValueError, match="only reached through its view"):
        store.url(NAME)


@pytest.mark.parametrize("name", ["../outside.jpg", "ab/../../outside.jpg", "/etc/outside.jpg"])
def test_no_name_leads_out_of_the_store(name, store):
    with pytest.raises(SuspiciousFileOperation):
        store.save(name, content())


# A folder ----------------------------------------------------------------------------------------------------------


def test_a_folder_is_open_to_its_owner_alone(folder, tmp_path):
    folder.save(NAME, content())
    assert mode(tmp_path / "files" / NAME) == 0o600
    assert mode(tmp_path / "files" / "ab") == mode(tmp_path / "files") == 0o700


def test_a_write_that_breaks_off_leaves_nothing(folder, tmp_path):
    class FullDisk(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell():
                raise OSError(28, "No space left on device")
            return super().read(size)

    with pytest.raises(OSError, match="No space left"):
        folder.save(NAME, File(FullDisk(b"x" * 300_000)))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_file_is_never_half_there_while_it_is_written(folder, tmp_path):
    class Watched(io.BytesIO):
        seen: list[str] = []

        def read(self, size: int | None = -1, /) -> bytes:
            self.seen.extend(path.name for path in (tmp_path / "files").rglob("*.jpg"))
            return super().read(size)

    folder.save(NAME, File(Watched(b"x" * 300_000)))
    assert Watched.seen == []
    assert (tmp_path / "files" / NAME).stat().st_size == 300_000


# A bucket ----------------------------------------------------------------------------------------------------------


def test_an_object_is_its_owners_alone_and_knows_its_type(bucket, server):
    bucket.save(NAME, content())
    item = bucket.bucket.Object(NAME)
    grants = item.Acl().grants
    assert [grant["Permission"] for grant in grants] == ["FULL_CONTROL"]
    assert [grant["Grantee"]["Type"] for grant in grants] == ["CanonicalUser"]
    assert item.content_type == "image/jpeg"


def test_more_than_one_page_of_names_is_listed(bucket):
    client = boto3.Session(KEY, SECRET).client("s3", endpoint_url=bucket.endpoint_url, region_name="us-east-1")
    for number in range(1005):
        client.put_object(Bucket=bucket.bucket_name, Key=f"ab/{number}.jpg", Body=b"")
    assert len(list(bucket.everything())) == 1005


@pytest.mark.parametrize("where", ["http://127.0.0.1:9", "no such bucket"])
def test_a_store_that_is_away_is_an_os_error_without_secrets(where, server, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    address = server if where == "no such bucket" else where
    away = BucketStore(access_key=KEY, secret_key=SECRET, endpoint_url=address, region_name="", bucket="nobodys")
    started = time.monotonic()
    for call in (lambda: away.save(NAME, content()), lambda: away.open(NAME), lambda: list(away.everything())):
        with pytest.raises(OSError, match=r"does not (answer|exist)") as problem:
            call()
        assert SECRET not in "".join(traceback.format_exception(problem.value))
    assert time.monotonic() - started < 20
