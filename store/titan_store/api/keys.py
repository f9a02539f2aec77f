"""The application's state, by typed keys: what handlers may reach, and nothing global."""

from aiohttp import web

from titan_store.auth.gate import Gate
from titan_store.auth.visibility import Visibility
from titan_store.cluster.edges import Cluster
from titan_store.cluster.shared_watches import SharedWatches
from titan_store.directory.space import Space
from titan_store.keeping.backends import Bytes, Files, Logs, Outcomes, Sets, Values, Workspaces
from titan_store.keeping.budgets import Budget, Share
from titan_store.keeping.pulses import Pulses
from titan_store.keeping.shelves import Shelf
from titan_store.metrics import Metrics
from titan_store.sessions.attempts import Attempts
from titan_store.sessions.codes import Codes
from titan_store.sessions.sessions import Sessions
from titan_store.settings import Settings
from titan_store.sqlite.deliveries import SQLiteDeliveries
from titan_store.sqlite.namespaces import SQLiteNamespaces
from titan_store.times import Clock
from titan_store.views.following import Views
from titan_store.views.graph.graphs import Graphs
from titan_store.views.memos import Kept

SETTINGS = web.AppKey("settings", Settings)
CLOCK: web.AppKey[Clock] = web.AppKey("clock")
GATE = web.AppKey("gate", Gate)
CLUSTER: web.AppKey[Cluster | None] = web.AppKey("cluster")
"""None: the store runs without; see ``cluster.edges``."""
WATCHES: web.AppKey[SharedWatches | None] = web.AppKey("watches")
BUDGET = web.AppKey("budget", Budget)
SHARE = web.RequestKey("share", Share)
"""What the request has taken of the budget."""
SPACE = web.AppKey("space", Space)
METRICS = web.AppKey("metrics", Metrics)
PULSES = web.AppKey("pulses", Pulses)
VALUES: web.AppKey[Values] = web.AppKey("values")
SETS: web.AppKey[Sets] = web.AppKey("sets")
FILES: web.AppKey[Files] = web.AppKey("files")
SHELF = web.AppKey("shelf", Shelf)
NAMESPACES = web.AppKey("namespaces", SQLiteNamespaces)
DELIVERIES = web.AppKey("deliveries", SQLiteDeliveries)
BYTES: web.AppKey[Bytes] = web.AppKey("bytes")
LOGS: web.AppKey[Logs] = web.AppKey("logs")
OUTCOMES: web.AppKey[Outcomes] = web.AppKey("outcomes")
WORKSPACES: web.AppKey[Workspaces] = web.AppKey("workspaces")
VIEWS = web.AppKey("views", Views)
VISIBILITY = web.AppKey("visibility", Visibility)
GRAPHS: web.AppKey[Kept[Graphs]] = web.AppKey("graphs")
SESSIONS = web.AppKey("sessions", Sessions)
CODES = web.AppKey("codes", Codes)
ATTEMPTS = web.AppKey("attempts", Attempts)
"""To sign in."""
COOKIE_NAME = web.AppKey("cookie_name", str)
