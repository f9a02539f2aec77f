"""Discovery and OpenAPI documents by path."""

from titan_api.json_types import Json
from titan_local.apiserver.catalog import Catalog
from titan_local.apiserver.rules.reads import discovery


class Documents:
    """What is served at paths that are no resources."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def find(self, path: str, host: str, *, aggregated: bool) -> Json | None:
        """The document at a path; None if there is none."""
        parts = [part for part in path.split("/") if part]
        match parts:
            case []:
                return {"paths": ["/api", "/apis", "/healthz", "/livez", "/openapi/v3", "/readyz", "/version"]}
            case ["version"]:
                return discovery.VERSION_INFO
            case ["api"] if aggregated:
                return discovery.aggregated(self._catalog, core=True)
            case ["apis"] if aggregated:
                return discovery.aggregated(self._catalog, core=False)
            case ["api"]:
                return discovery.api_versions(host)
            case ["apis"]:
                return discovery.api_group_list(self._catalog)
            case ["api", "v1"]:
                return discovery.api_resource_list(self._catalog, "", "v1")
            case ["apis", group] if self._catalog.has_group(group):
                versions = dict.fromkeys(r.version for r in self._catalog if r.group == group)
                return discovery.api_group(group, list(versions))
            case ["apis", group, version] if any((r.group, r.version) == (group, version) for r in self._catalog):
                return discovery.api_resource_list(self._catalog, group, version)
            case ["openapi", "v3"]:
                return discovery.openapi_index(self._catalog)
            case ["openapi", "v3", *rest]:
                return discovery.openapi_document(self._catalog, "/".join(rest))
        return None
