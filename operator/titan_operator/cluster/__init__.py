"""The API server and its store as the operator writes to them: objects, accounts, Events, admission policies."""
