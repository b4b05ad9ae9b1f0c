"""Where the peer keeps things in Redis."""

PROFILE = "peer:p:"
"""A customer's events as JSON, appended, each with a comma after it."""

VECTOR = "peer:v:"
"""A row of features, float32."""

ANSWER = "peer:a:"
"""The answer of before."""
