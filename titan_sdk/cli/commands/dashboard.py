"""``titan dashboard``: the page in a browser, signed in as whoever the kubeconfig says."""

from typing import Annotated

import typer

from titan_api.defaults import LARGEST_PORT
from titan_sdk.cli.calls import Call
from titan_sdk.cli.output import emit_json, say

SHARED = (
    "The browser is signed in with the shared identity titan-client: Titan has no token of your own to pass on "
    "(a client certificate cannot be passed on)."
)


def dashboard(
    call: Call,
    port: Annotated[
        int,
        typer.Option("--port", min=0, max=LARGEST_PORT, help="Local port for the page; 0 picks a free one."),
    ] = 0,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Print the address and open no browser.")] = False,
) -> None:
    """Open the dashboard in a browser, signed in.

    If the store is inside a cluster, the command forwards requests through the API server until Ctrl-C. The printed
    address signs in once, and expires after a minute.

    Example: titan dashboard
    """
    way = call.client.dashboard()

    def show(address: str) -> None:
        url = way.page(address, way.draw_code())
        if call.as_json:
            emit_json({"url": url, "sharedIdentity": way.is_shared, "forwards": not way.is_direct})
        else:
            say(url if way.is_direct else f"{url}\nRequests are forwarded to the cluster; Ctrl-C ends it.")
            if way.is_shared:
                say(SHARED)
        if not no_browser and not call.as_json:
            call.edge.open_browser(url)

    if way.is_direct:
        show(way.base)
        return
    from titan_sdk.cli.forwarder import Forwarder

    with Forwarder(way, port) as forwarder:
        try:
            show(forwarder.address)
            forwarder.serve_forever()
        except KeyboardInterrupt:
            # That is how one ends it.
            return
