"""The SDK's edge to the network: requests, retries, TLS, and what refusals of servers are in the SDK's errors."""
