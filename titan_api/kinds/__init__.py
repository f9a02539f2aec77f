"""The three kinds as pydantic models, and the CustomResourceDefinitions derived from them. No other module imports pydantic."""
