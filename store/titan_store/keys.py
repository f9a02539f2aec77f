"""The application's state, by typed keys: what handlers may reach, and nothing global."""

from aiohttp import web

from titan_store.auth.gate import Gate
from titan_store.backends import Bytes, Files, Outcomes, Sets, Values
from titan_store.directory.logs import DirectoryLogs
from titan_store.directory.space import Space
from titan_store.metrics import Metrics
from titan_store.pulses import Pulses
from titan_store.settings import Settings
from titan_store.times import Clock

SETTINGS = web.AppKey("settings", Settings)
CLOCK: web.AppKey[Clock] = web.AppKey("clock")
GATE = web.AppKey("gate", Gate)
SPACE = web.AppKey("space", Space)
METRICS = web.AppKey("metrics", Metrics)
PULSES = web.AppKey("pulses", Pulses)
VALUES: web.AppKey[Values] = web.AppKey("values")
SETS: web.AppKey[Sets] = web.AppKey("sets")
FILES: web.AppKey[Files] = web.AppKey("files")
BYTES: web.AppKey[Bytes] = web.AppKey("bytes")
LOGS = web.AppKey("logs", DirectoryLogs)
OUTCOMES: web.AppKey[Outcomes] = web.AppKey("outcomes")
