"""Sessions in the database, as Django keeps them. Every page asks for one, so what it asks is prepared."""

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models import CharField, DateTimeField, QuerySet
from django.utils import timezone

from cpd.prepared import Given, Prepared


class SessionStore(DatabaseStore):
    def load(self) -> dict[str, Any]:
        """What was kept; nothing where the session is over or unknown, whose key is not used again."""
        found = next(_KEPT.ask(key=self.session_key, now=timezone.now()), None)
        if found is None:
            self._session_key = None
            return {}
        return self.decode(found.session_data)


def _kept(key: Given, now: Given) -> QuerySet[Any]:
    return DatabaseStore.get_model_class().objects.filter(session_key=key, expire_date__gt=now)


_KEPT = Prepared(_kept, key=CharField(), now=DateTimeField())
