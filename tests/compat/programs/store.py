"""Values and sets: answers, Unicode, emptiness."""

from titan_sdk import TitanClient

ODD = "comma, newline\n, tab\t, quotes \"', Größe 漢字 🙂, " + "é" * 100_000
MEMBERS = ["a,b", "two\nlines", "漢字 🙂", "", " spaced ", "|;:"]
client = TitanClient()
print(client.store_get("st:missing"), client.store_smembers("st:missing"))
print(client.store_put("st:empty", ""), repr(client.store_get("st:empty")))
print(client.store_put("st:odd", ODD), client.store_get("st:odd") == ODD)
print(client.store_put("st:odd", "replaced"), client.store_get("st:odd"))
print(client.store_put("st:schlüssel/🙂 key", "odd key"), client.store_get("st:schlüssel/🙂 key"))
print(
    [client.store_sadd("st:set", member) for member in MEMBERS],
    [client.store_sadd("st:set", member) for member in MEMBERS],
)
print(sorted(client.store_smembers("st:set")) == sorted(MEMBERS), type(client.store_smembers("st:set")).__name__)
