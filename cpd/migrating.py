"""What migrations need beside Django's own operations."""

from typing import Any

from django.db import migrations


class RunBothWays(migrations.RunPython):
    """Writes of a migration that can be undone.

    Forward Django loads all models anew before it runs such code, backward it does not: models whose loading an
    operation before put off then know older copies of each other, and deleting a row whose children are of such a
    model ends in «Cannot query …: Must be … instance».
    """

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        from_state.clear_delayed_apps_cache()
        super().database_backwards(app_label, schema_editor, from_state, to_state)
