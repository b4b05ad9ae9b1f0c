"""What can be trained, and where it goes; imports nothing, for the command line's help."""

from pathlib import Path

MODELS = ("propensity", "churn", "clv", "next-product", "policy")
"""In the order in which they are trained: the policy's rules name what the others publish."""

TRAINERS = {
    "propensity": "propensity",
    "churn": "churn",
    "clv": "clv",
    "next-product": "ranker",
    "next-product-sequence": "next_product",
}
"""The module of `scorecast_export.train` that trains each; the last one another kind of `next-product`."""

ASKABLE = (*MODELS, "next-product-sequence")
"""What can be asked for by name."""

REPOSITORY = Path(__file__).parents[3] / "models"
"""The model repository that the service serves by default."""
