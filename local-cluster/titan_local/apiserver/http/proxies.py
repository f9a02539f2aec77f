"""Requests that are forwarded: to a Service's endpoint, and to the kubelet for a container's log."""

from pathlib import Path

import aiohttp
from aiohttp import web
from yarl import URL

from titan_api.json_types import Json
from titan_local.apiserver.http.requests import Call, RequestInfo
from titan_local.apiserver.objects import Objects
from titan_local.apiserver.rules import errors

KUBELET_TOKEN_FILE = "kubelet.token"
_NOT_PASSED_ON = frozenset({
    "authorization", "connection", "host", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade",
    "x-remote-user", "x-remote-group", "content-length",
})  # fmt: skip
_CHUNK = 256 * 1024
_CONNECT_SECONDS = 5.0


class Proxies:
    """Streams both ways, without buffering."""

    def __init__(self, objects: Objects, state_dir: Path) -> None:
        self._objects = objects
        self._state_dir = state_dir
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    async def service(self, request: web.Request, info: RequestInfo) -> web.StreamResponse:
        """/services/[SCHEME:]NAME[:PORT]/proxy/PATH: the query and the body are passed on byte for byte.

        Certificates of services are not verified, as on the real server.
        """
        scheme, name, port = _service_address(info.name)
        address = self._endpoint(info.namespace, name, port)
        query = f"?{request.rel_url.raw_query_string}" if request.rel_url.raw_query_string else ""
        url = URL(f"{scheme}://{address}/{info.rest}{query}", encoded=True)
        headers = {k: v for k, v in request.headers.items() if k.lower() not in _NOT_PASSED_ON}
        if "Content-Length" in request.headers:
            headers["Content-Length"] = request.headers["Content-Length"]
        body = request.content.iter_chunked(_CHUNK) if request.body_exists else None
        try:
            async with self._client().request(
                request.method, url, headers=headers, data=body, allow_redirects=False, ssl=False
            ) as answer:
                return await _copy(request, answer)
        except aiohttp.ClientConnectionError as error:
            message = f"error trying to reach service: {error}"
            raise errors.ApiError(503, "ServiceUnavailable", message) from error

    async def pod_log(self, call: Call) -> web.StreamResponse:
        """The log of a container, from the kubelet of the pod's node; empty before the pod has a node."""
        request, pod = call.request, self._objects.get(*call.place)
        metadata = pod["metadata"]
        container = _choose_container(pod, request.query.get("container", ""))
        node_name = pod["spec"].get("nodeName")
        if not node_name:
            return web.Response(status=204)
        port = self._kubelet_port(node_name)
        url = URL(f"http://127.0.0.1:{port}/containerLogs/{metadata['namespace']}/{metadata['name']}/{container}")
        token = (self._state_dir / KUBELET_TOKEN_FILE).read_text()
        parameters = {key: value for key, value in request.query.items() if key != "container"}
        try:
            async with self._client().get(
                url.with_query(parameters), headers={"Authorization": f"Bearer {token}"}
            ) as answer:
                if answer.status >= 400:
                    raise errors.ApiError(answer.status, "BadRequest", await answer.text())
                return await _copy(request, answer)
        except aiohttp.ClientConnectionError as error:
            message = f"Get {url.with_query('')!s}: the kubelet cannot be reached: {error}"
            raise errors.ApiError(500, "InternalError", message) from error

    def _kubelet_port(self, node_name: str) -> int:
        node = self._objects.storage.get("nodes", "", node_name)
        if node is None:
            raise errors.ApiError(404, "NotFound", f'nodes "{node_name}" not found')
        endpoints = (node.get("status") or {}).get("daemonEndpoints") or {}
        port = (endpoints.get("kubeletEndpoint") or {}).get("Port")
        if not port:
            raise errors.internal(f"node {node_name} has not said where its kubelet listens")
        return int(port)

    def _endpoint(self, namespace: str, name: str, port: str) -> str:
        service = self._objects.storage.get("services", namespace, name)
        if service is None:
            raise errors.not_found(self._objects.catalog.core("services"), name)
        endpoints = self._objects.storage.get("endpoints", namespace, name) or {}
        for subset in endpoints.get("subsets") or []:
            for candidate in subset.get("ports") or []:
                if port in ("", candidate.get("name", ""), str(candidate["port"])) and subset.get("addresses"):
                    return f"{subset['addresses'][0]['ip']}:{candidate['port']}"
        message = f'no endpoints available for service "{name}"'
        raise errors.ApiError(503, "ServiceUnavailable", message)

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            timeout = aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_SECONDS)
            self._session = aiohttp.ClientSession(timeout=timeout, auto_decompress=False)
        return self._session


async def _copy(request: web.Request, answer: aiohttp.ClientResponse) -> web.StreamResponse:
    headers = {k: v for k, v in answer.headers.items() if k.lower() not in _NOT_PASSED_ON}
    response = web.StreamResponse(status=answer.status, headers=headers)
    if answer.content_length is not None:
        response.content_length = answer.content_length
    await response.prepare(request)
    async for chunk in answer.content.iter_any():
        await response.write(chunk)
    await response.write_eof()
    return response


def _service_address(text: str) -> tuple[str, str, str]:
    """scheme, name and port of ``[SCHEME:]NAME[:PORT]``."""
    parts = text.split(":")
    if len(parts) == 3:
        return parts[0] or "http", parts[1], parts[2]
    if len(parts) == 2 and parts[0] in ("http", "https"):
        return parts[0], parts[1], ""
    return "http", parts[0], parts[1] if len(parts) == 2 else ""


def _choose_container(pod: Json, wanted: str) -> str:
    names = [container["name"] for container in pod["spec"]["containers"]]
    pod_name = pod["metadata"]["name"]
    if wanted and wanted not in names:
        raise errors.bad_request(f"container {wanted} is not valid for pod {pod_name}")
    if not wanted and len(names) > 1:
        listed = " ".join(names)
        raise errors.bad_request(f"a container name must be specified for pod {pod_name}, choose one of: [{listed}]")
    return wanted or names[0]
