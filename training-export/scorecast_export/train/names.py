"""What can be trained, and where it goes; imports nothing, for the command line's help."""

from pathlib import Path

MODELS = ("propensity", "churn", "clv", "next-product", "policy")
"""In the order in which they are trained: the policy's rules name what the others publish."""

REPOSITORY = Path(__file__).parents[3] / "models"
"""The model repository that the service serves by default."""
