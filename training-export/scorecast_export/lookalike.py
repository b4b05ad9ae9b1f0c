"""`look_alike`: from a seed audience to a model of who resembles it.

The customers of the seed against the rest. Every customer is scored by boosters that have not seen them (five
folds of whole customers), which is both what calibrates the model and what it is judged by.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.model_selection import StratifiedKFold

from scorecast_export.engine import FeatureEngine
from scorecast_export.evaluation.baselines import rfm_columns, rfm_logistic
from scorecast_export.evaluation.evaluation import Evaluation
from scorecast_export.train.boosting import Recipe, grow, margins
from scorecast_export.train.calibration import fit_platt
from scorecast_export.train.names import SeedError
from scorecast_export.train.trees import TreeModel, libraries
from scorecast_export.versions.manifest import score_output
from scorecast_export.versions.version import Version, write_version

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from scorecast_export.frame import TrainingFrame

RECIPE = Recipe(
    150,
    {
        "objective": "binary:logistic",
        "max_depth": 3,
        "eta": 0.05,
        "min_child_weight": 5,
        "subsample": 0.8,
        "colsample_bytree": 0.5,
        "reg_lambda": 5.0,
    },
)
FEWEST = 20
"""How many customers a seed must have, and how many must be in the rest."""

_FOLDS = 5
_BANDS = {"low": 0.0, "medium": 0.8, "high": 0.95}
_LIMITS = (
    "It finds who shops like the seed, not who would do what the seed was chosen for.",
    "Customers of the rest who should have been in the seed count as its opposite, so the probabilities are "
    "of being in the seed as it was given: read them as an order.",
)


def look_alike(
    frame: TrainingFrame,
    seed: Collection[str],
    *,
    name: str = "look-alike",
    out: str | Path = "models",
    output: str | None = None,
    recipe: Recipe = RECIPE,
    limits: Sequence[str] = (),
    data: str = "",
    engine: FeatureEngine | None = None,
) -> Path:
    """Write the next version of a model of who resembles a seed audience.

    Parameters
    ----------
    frame : TrainingFrame
        Customers as of one instant, without a label: the seed and the rest.
    seed : collection of str
        Customer ids.
    name, out
        The model's name, and the repository.
    output : str, optional
        What it publishes; ``p_`` and the name by default.
    recipe : Recipe
        How the trees are grown.
    limits : sequence of str
        More of where it must not be relied on.
    data : str
        Where the data is from, for the card.
    engine : FeatureEngine, optional
        Found by itself.

    Returns
    -------
    Path
        The version's folder.

    Raises
    ------
    SeedError
        If too few of the seed, or of the rest, are among the customers.
    GateError
        If the service would refuse the version.
    """
    version = look_alike_version(
        frame, seed, name=name, output=output, recipe=recipe, limits=limits, data=data
    )
    return write_version(Path(out), version, engine or FeatureEngine.found())


def look_alike_version(
    frame: TrainingFrame,
    seed: Collection[str],
    *,
    name: str = "look-alike",
    output: str | None = None,
    recipe: Recipe = RECIPE,
    limits: Sequence[str] = (),
    data: str = "",
) -> Version:
    """The version that `look_alike` writes; the parameters are the same."""
    output = output or "p_" + name.replace("-", "_")
    label = _membership(frame, set(seed))
    unseen, baseline = _unseen(frame, label, recipe)
    line = fit_platt(unseen, label)
    model = TreeModel(grow(frame.X, label, recipe), output, line, 1.0)
    baselines = {} if baseline is None else {"rfm_logistic": baseline}
    evaluation = Evaluation(output, "probability", label, _unfitted(unseen, label), baselines)
    figures = evaluation.figures()
    scores = model.scores(frame.X)
    at = frame.table["at"]
    missing = len(set(seed)) - int(label.sum())
    training: dict[str, Any] = {
        "rows": len(frame),
        "customers": int(frame.table["customer_id"].nunique()),
        "instants": [f"{at.min():%Y-%m-%d}", f"{at.max():%Y-%m-%d}"],
        "seed": int(label.sum()),
        "seed_unknown": missing,
        "parameters": recipe.to_manifest(),
        "libraries": libraries(),
        "metrics": figures,
        "tested": (
            f"{int(label.sum()):,} customers of the seed against {int(len(label) - label.sum()):,} others; "
            f"{missing:,} ids of the seed are not known. Each customer was scored and calibrated by models "
            "of five folds that had not seen them, the baseline too. Intervals are bootstrap over customers. "
            + _verdict(figures)
        ),
        "limits": [*_LIMITS, *limits],
    }
    described = score_output(
        output,
        "probability",
        scores=scores,
        bands=_BANDS,
        fallback=float(label.mean()),
        calibration=line.to_manifest(),
    )
    return Version(
        name=name,
        task="look-alike",
        description=f"How much does a customer resemble the seed audience of {int(label.sum()):,}?",
        runtime="xgboost",
        file="model.ubj",
        model=bytes(model.booster.save_raw("ubj")),
        definitions=frame.definitions,
        inputs=[{"name": "features", "features": list(frame.widths)}],
        outputs=[described],
        training=training,
        predict=model,
        rows=frame.X,
        scores={output: scores},
        files=dict(frame.files),
        data=data,
        evaluations=[evaluation],
        contributions=model.contributions,
    )


def _membership(frame: TrainingFrame, seed: set[str]) -> np.ndarray:
    customers = frame.table["customer_id"]
    if customers.duplicated().any():
        raise SeedError(
            "a customer stands in the frame more than once: a look-alike needs one instant, at='2026-06-01'"
        )
    label = customers.isin(seed).to_numpy(np.float64)
    found, rest = int(label.sum()), int(len(label) - label.sum())
    if found < FEWEST:
        raise SeedError(
            f"{found} of the seed's {len(seed)} ids are among the {len(label)} customers; at least {FEWEST} "
            "are needed"
        )
    if rest < FEWEST:
        raise SeedError(
            f"the seed leaves {rest} customers to be told apart from; at least {FEWEST} are needed"
        )
    return label


def _parts(label: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Five folds, each with its share of the seed."""
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=1)
    return list(folds.split(np.zeros(len(label)), label))


def _unseen(frame: TrainingFrame, label: np.ndarray, recipe: Recipe) -> tuple[np.ndarray, np.ndarray | None]:
    """Each customer's margin, and the baseline's score, by models that have not seen them."""
    columns = rfm_columns(frame, None)
    found, beside = np.empty(len(label), np.float32), np.empty(len(label))
    for known, asked in _parts(label):
        booster = grow(frame.X.iloc[known], label[known], recipe)
        found[asked] = margins(booster, frame.X.iloc[asked])
        if columns:
            beside[asked] = rfm_logistic(frame.X.iloc[known], label[known], frame.X.iloc[asked], columns)
    return found, beside if columns else None


def _unfitted(unseen: np.ndarray, label: np.ndarray) -> np.ndarray:
    """Probabilities of unseen margins by a line that has not seen them either."""
    found = np.empty(len(label))
    for known, asked in _parts(label):
        found[asked] = fit_platt(unseen[known], label[known])(unseen[asked])
    return found


def _verdict(figures: dict[str, dict[str, Any]]) -> str:
    low, high = figures["model"]["auc_95"]
    said = (
        "It tells the seed from the rest better than chance."
        if low > 0.5
        else f"It DOES NOT tell the seed from the rest: its AUC may be {low} to {high}, and 0.5 is chance."
    )
    above = figures.get("rfm_logistic", {}).get("model_auc_above")
    if above is not None and above[0] <= 0:
        said += " It is NOT SHOWN to be better than recency, frequency and spend."
    return said
