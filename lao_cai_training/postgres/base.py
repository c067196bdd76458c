"""The connections of the engine: Django's own, preceded where needed by starting the embedded server."""

from pathlib import Path
from typing import Any

from django.db.backends.postgresql import base

from lao_cai_training.postgres.server import OWNER, Cluster, cluster_in

# What the server says where a restored database took the place of this one while the connection was being opened.
RENAMED = "just been dropped or renamed"


class DatabaseWrapper(base.DatabaseWrapper):
    """A PostgreSQL connection that knows the embedded server of the settings key CLUSTER, if there is one.

    The key ROLE says as whom it signs in there: the owner, or the login of the web process.
    """

    @property
    def cluster(self) -> Cluster | None:
        folder = self.settings_dict.get("CLUSTER")
        return cluster_in(Path(folder)) if folder else None

    def get_connection_params(self) -> dict[str, Any]:
        if self.cluster:
            self.cluster.join()
            address = self.cluster.address(self.settings_dict.get("ROLE", OWNER))
            # Into the settings, so that whatever else connects (dbshell, pg_dump) finds it there too.
            self.settings_dict.update(
                HOST=address.host, PORT=address.port, USER=address.user, PASSWORD=address.password
            )
        return super().get_connection_params()

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        try:
            return super().get_new_connection(conn_params)
        except self.Database.OperationalError as error:
            if self.cluster:
                self.cluster.revive()  # it was killed, or is being recovered, while this process was using it
            elif RENAMED not in str(error):
                raise
        return super().get_new_connection(conn_params)
