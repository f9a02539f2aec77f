"""Titan for agents: tools as functions of a client, and the MCP server that offers them."""
