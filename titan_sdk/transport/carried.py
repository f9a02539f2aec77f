"""urllib3 in the version for which the SDK was made.

Jobs in images of their own get the SDK from an init container, and beside it, under a name that hides nothing,
``titan_libraries.urllib3``: the image's own urllib3 may be older, and its other packages may insist on that one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import urllib3
else:
    try:
        from titan_libraries import urllib3
    except ModuleNotFoundError:
        import urllib3

__all__ = ["urllib3"]
