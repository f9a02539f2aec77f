"""Where the demo can be watched in a browser."""

from titan_sdk import TitanClient
from titan_sdk.errors import TitanError


def describe_page(client: TitanClient) -> str:
    """A line with the dashboard's address, signed in; the demo does without it if there is none."""
    try:
        way = client.dashboard()
        if not way.is_direct:
            return "Watch it in a browser, from another terminal: titan dashboard"
        url = way.page(way.base, way.draw_code())
    except TitanError as error:
        return f"There is no dashboard to watch it in: {error}."
    return f"Watch it in a browser; the link signs in once, within a minute:\n  {url}"
