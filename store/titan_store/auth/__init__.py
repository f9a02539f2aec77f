"""Who calls, and what the API server lets them do."""
