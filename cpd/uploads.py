"""How much of an uploaded file is received at all."""

from django.core.files.uploadhandler import FileUploadHandler

MOST_BYTES = 10 << 20


class EnoughUploadHandler(FileUploadHandler):
    """Stands first among the upload handlers: the others never see more of a file than shows that it is too large.

    The rest is read and dropped, so that the other fields arrive and the form can be shown again with all that was
    typed.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start <= MOST_BYTES else None

    def file_complete(self, file_size: int) -> None:
        """The next handler has the file."""
