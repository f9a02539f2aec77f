"""The environment names a port at which nobody listens; the program knows better, after it made its client."""

import sys

import titan_sdk.titan_sdk as sdk
from titan_sdk import TitanClient

client = TitanClient()
sdk.TITAN_HOST, sdk.TITAN_PORT = sys.argv[1], int(sys.argv[2])
print(client.store_put("globals:key", "here"), TitanClient().store_get("globals:key"))
