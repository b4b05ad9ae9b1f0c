"""What can be trained, and where it goes; imports nothing, for the command line's help."""

from pathlib import Path

MODELS = ("propensity", "churn", "clv", "category", "next-product", "policy")
"""In the order in which they are trained: the policy's rules name what the others publish."""

TRAINERS = {
    "propensity": "propensity",
    "churn": "churn",
    "clv": "clv",
    "category": "category",
    "next-product": "ranker",
    "next-product-sequence": "next_product",
    "uplift": "uplift",
    "look-alike": "look_alike",
}
"""The module of `scorecast_export.train` that trains each; the sequence is another kind of `next-product`."""

ASKABLE = (*MODELS, "next-product-sequence", "uplift", "look-alike")
"""What can be asked for by name."""

OF_A_SEED = "look-alike"
"""What needs a seed audience."""

TREES = ("propensity", "churn", "clv", "category")
"""Those whose trees can be grown by other settings."""

SETTINGS = (
    "rounds",
    "max_depth",
    "max_leaves",
    "eta",
    "gamma",
    "min_child_weight",
    "max_delta_step",
    "subsample",
    "colsample_bytree",
    "colsample_bylevel",
    "colsample_bynode",
    "reg_lambda",
    "reg_alpha",
    "seed",
)
"""What can be set of them: the number of rounds, and XGBoost's parameters that are numbers."""

REPOSITORY = Path(__file__).parents[3] / "models"
"""The model repository that the service serves by default."""


class SeedError(ValueError):
    """A seed audience that nothing can be learned from."""
