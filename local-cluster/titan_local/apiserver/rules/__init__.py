"""What a real API server refuses, fills in and renders: pure functions on plain JSON objects."""
