"""Uploaded files in a bucket of any S3-compatible store. The only module that touches its client."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import ContentFile, File
from storages.backends.s3 import S3Storage

CONNECT, READ, TIMES = 3, 8, 2  # seconds and attempts: together less than gunicorn waits for a page


@contextmanager
def as_os_error() -> Iterator[None]:
    """The store's own complaints, as a folder would make them."""
    try:
        yield
    except (Boto3Error, BotoCoreError, ClientError) as problem:
        raise OSError(f"The store of files does not answer as it should: {problem}") from None


class BucketStore(S3Storage):
    """Private objects without an address of their own.

    No ACL is sent: an object without one is its owner's alone, and many stores refuse any.
    """

    is_backed_up = False  # the store keeps its own copies; docs/operations.md

    def __init__(self, *, access_key: str, secret_key: str, endpoint_url: str, region_name: str, bucket: str) -> None:
        super().__init__(
            access_key=access_key,
            secret_key=secret_key,
            endpoint_url=endpoint_url,
            region_name=region_name or None,
            bucket_name=bucket,
            client_config=Config(
                connect_timeout=CONNECT,
                read_timeout=READ,
                retries={"total_max_attempts": TIMES},
                signature_version="s3v4",
                s3={"addressing_style": "path"},
            ),
        )

    def url(self, name: str, *args: Any, **options: Any) -> str:
        raise ValueError("An uploaded file is only reached through its view.")

    def _open(self, name: str, mode: str = "rb") -> File:
        with as_os_error():
            return ContentFile(super()._open(name, mode).read(), name)

    def _save(self, name: str, content: File) -> str:
        with as_os_error():
            return str(super()._save(name, content))

    def delete(self, name: str) -> None:
        with as_os_error():
            super().delete(name)

    def everything(self) -> Iterator[tuple[str, dt.datetime]]:
        with as_os_error():
            for item in self.bucket.objects.all():
                yield item.key, item.last_modified
