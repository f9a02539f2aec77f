"""The dashboard's page: files that the build has left in this package, and nothing else on the disk.

They are no part of the API and of its document. A path is looked up among the names that were found, so there is no
path that leads out of the directory.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aiohttp import hdrs, web

from titan_store.api.http.failures import finishing
from titan_store.api.http.headers import PAGE
from titan_store.api.http.operations import BINARY

DIRECTORY = Path(__file__).parent.parent / "dashboard"
INDEX = "index.html"
ASSETS = "assets"
PATHS = ("/", "/favicon.svg", "/assets/{asset}")
FOR_EVER = "public, max-age=31536000, immutable"
"""The build puts a digest of the content into the names of assets."""
ASK_AGAIN = "no-cache"
"""Does not forbid caching: the browser asks again with the ETag and gets 304."""
ENCODINGS = (".gz", ".br")
"""Of files that lie compressed beside the original."""
TYPES: Mapping[str, str] = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
"""Listed here, because a browser that may not guess needs them right, whatever the machine's own table says."""
MISSING = "DashboardMissing: the page was not built into this store; run `make dashboard`, then load it again.\n"


@dataclass(frozen=True)
class Asset:
    """A file of the page."""

    path: Path
    has_encodings: bool
    lasts: bool
    """Its name contains a digest of its content."""


class Site:
    """The files that the build left; read again when the page was rebuilt."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._built: int | None = None
        self._assets: Mapping[str, Asset] = {}

    def find(self, name: str) -> Asset | None:
        """The file of a path below the page, like ``assets/index.js``. None: there is none."""
        built = self._read_built()
        if built != self._built:
            self._assets, self._built = _find_assets(self._directory) if built is not None else {}, built
        return self._assets.get(name)

    def _read_built(self) -> int | None:
        try:
            return (self._directory / INDEX).stat().st_mtime_ns
        except OSError:
            return None


def _find_assets(directory: Path) -> dict[str, Asset]:
    files = [path for path in sorted(directory.glob("*")) + sorted(directory.glob(f"{ASSETS}/*")) if path.is_file()]
    names = {path.relative_to(directory).as_posix(): path for path in files}
    return {
        name: Asset(path, any(name + ending in names for ending in ENCODINGS), name.startswith(f"{ASSETS}/"))
        for name, path in names.items()
        if path.suffix not in ENCODINGS
    }


def add_page(router: web.UrlDispatcher, directory: Path = DIRECTORY) -> None:
    """Add the routes of the page. Everything behind the address's ``#`` is the page's own business."""
    site = Site(directory)

    async def serve(request: web.Request) -> web.StreamResponse:
        return _answer(site, request.match_info.get("asset", ""), request.path)

    for path in PATHS:
        router.add_get(path, finishing(serve, path))


def _answer(site: Site, asset: str, path: str) -> web.StreamResponse:
    name = f"{ASSETS}/{asset}" if asset else path.removeprefix("/") or INDEX
    found = site.find(name)
    if found is None:
        if name == INDEX:
            return web.Response(status=503, text=MISSING, headers={hdrs.CACHE_CONTROL: "no-store"})
        raise web.HTTPNotFound()
    headers = {**PAGE, hdrs.CACHE_CONTROL: FOR_EVER if found.lasts else ASK_AGAIN}
    headers[hdrs.CONTENT_TYPE] = TYPES.get(found.path.suffix, BINARY)
    if found.has_encodings:
        headers[hdrs.VARY] = hdrs.ACCEPT_ENCODING
    return web.FileResponse(found.path, headers=headers)
