"""What a line of the log leaves out."""

import logging
import re

# Whoever knows one reads the calendar, has an account made, confirms an address.
SECRET_ADDRESS = re.compile(r"(/calendar/|/i/|/account/e-mail/)[^/\s\"']+?(?=\.ics|[/\s\"']|$)")


class HideSecrets(logging.Filter):
    """Takes secret addresses out of what is logged of a request."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(_hidden(value) if isinstance(value, str) else value for value in record.args)
        record.msg = _hidden(str(record.msg))
        return True


def _hidden(text: str) -> str:
    return SECRET_ADDRESS.sub(r"\1…", text)
