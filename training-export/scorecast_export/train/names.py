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

TREES = ("propensity", "churn", "clv")
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
