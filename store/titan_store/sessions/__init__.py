"""People who signed in with a browser: their sessions, the codes that begin one, and the proxies that vouch for them."""
