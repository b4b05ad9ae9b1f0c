"""Writes a folder of small models for the release of XGBoost that it is run with, and what that release answers.

For each release: python -m venv v; v/bin/pip install --no-deps xgboost==1.0.2 numpy==1.24.4 scipy==1.10.1;
v/bin/python make_releases.py    (1.0 to 1.7: Python 3.8; 2.0: 3.11; from 2.1 xgboost-cpu with Python 3.11, 3.4: 3.12)

RELEASE/NAME.json or .ubj is the model. A line of RELEASE/expected.csv is: file, 6 features (empty is missing), predictions,
margins, as predict of the scikit-learn interface answers (up to the best iteration).
"""

import sys
from pathlib import Path

import numpy as np
import xgboost as xgb

RELEASE = tuple(int(part) for part in xgb.__version__.split(".")[:2])
FOLDER = Path(__file__).parent / "{}.{}".format(*RELEASE)
FOLDER.mkdir(exist_ok=True)
WIDTH, TRAINED, SHOWN = 6, 400, 8

rng = np.random.RandomState(5)
X = rng.normal(size=(TRAINED, WIDTH)).round(2).astype(np.float32)
X[rng.uniform(size=X.shape) < 0.25] = np.nan
X[:, 5] = rng.randint(0, 7, TRAINED)
SIGNAL = np.nan_to_num(X[:, 0]) + np.nan_to_num(X[:, 3]) ** 2 - 1 + rng.normal(size=TRAINED) / 2 + (X[:, 5] % 3 == 1)
LABEL = (SIGNAL > 0.3).astype(int)
CLASS = np.digitize(SIGNAL, [-0.5, 0.8])
POSITIVE = np.exp(SIGNAL / 2)
lines = []


def text(number):
    return "" if np.isnan(number) else np.format_float_positional(np.float32(number), trim="-")


def write(name, booster, endings=("json",), rounds=0, **predict):
    matrix = xgb.DMatrix(X[:SHOWN], **predict)
    limit = {}
    if rounds:
        limit = {"iteration_range": (0, rounds)} if RELEASE >= (1, 4) else {"ntree_limit": rounds}
    answers = [
        np.asarray(booster.predict(matrix, output_margin=margin, **limit)).reshape(SHOWN, -1) for margin in (False, True)
    ]
    for ending in endings:
        booster.save_model(str(FOLDER / (name + "." + ending)))
        for r in range(SHOWN):
            numbers = [*X[r], *answers[0][r], *answers[1][r]]
            lines.append(",".join([name + "." + ending, *map(text, numbers)]))


def train(name, label, endings=("json",), rounds=3, matrix=None, objective="reg:squarederror", **settings):
    matrix = matrix or xgb.DMatrix(X, label=label)
    params = {"objective": objective, "max_depth": 2, "eta": 0.5, "nthread": 1, "seed": 1, **settings}
    write(name, xgb.train(params, matrix, rounds), endings)


BOTH = ("json", "ubj") if RELEASE >= (1, 6) else ("json",)
train("logistic", LABEL, BOTH, objective="binary:logistic")
train("logistic-base", LABEL, objective="binary:logistic", base_score=0.2)
train("reg-logistic", LABEL, objective="reg:logistic", base_score=0.7)
train("logitraw", LABEL, objective="binary:logitraw", base_score=0.2)
train("hinge", LABEL, objective="binary:hinge")
train("softprob", CLASS, BOTH, objective="multi:softprob", num_class=3)
train("softmax", CLASS, objective="multi:softmax", num_class=3)
train("poisson", np.floor(POSITIVE), objective="count:poisson", base_score=1.5)
train("gamma", POSITIVE, objective="reg:gamma")
train("tweedie", np.floor(POSITIVE), objective="reg:tweedie", base_score=0.3)
train("squared", SIGNAL, BOTH, base_score=-0.4)
train("squaredlog", POSITIVE, objective="reg:squaredlogerror")
train("cox", np.where(LABEL, POSITIVE, -POSITIVE), objective="survival:cox", base_score=0.6)
for kind in ("pairwise", "ndcg", "map"):
    ranked = xgb.DMatrix(X, label=LABEL)
    ranked.set_group([20] * (TRAINED // 20))
    train("rank-" + kind, None, matrix=ranked, objective="rank:" + kind)
train("dart", LABEL, BOTH, rounds=6, objective="binary:logistic", booster="dart", rate_drop=0.5)
train("linear", SIGNAL, booster="gblinear")
train("linear-classes", CLASS, booster="gblinear", objective="multi:softprob", num_class=3)
train("parallel", CLASS, rounds=1, objective="multi:softprob", num_class=3, num_parallel_tree=2, subsample=0.7)

fit, watch = (xgb.DMatrix(X[rows], label=SIGNAL[rows]) for rows in (slice(0, 250), slice(250, None)))
for name, more in (("early", {}), ("early-parallel", {"num_parallel_tree": 2, "subsample": 0.7})):
    settings = {"objective": "reg:squarederror", "max_depth": 2, "eta": 1.5, "nthread": 1, "seed": 1, **more}
    booster = xgb.train(settings, fit, 20, evals=[(watch, "watch")], early_stopping_rounds=2, verbose_eval=False)
    best = int(booster.attr("best_iteration")) + 1
    assert best < 18, best
    write(name, booster, rounds=best if RELEASE >= (1, 4) else best * more.get("num_parallel_tree", 1))

if RELEASE >= (1, 1):
    train("pseudohuber", SIGNAL, objective="reg:pseudohubererror")
    bounded = xgb.DMatrix(X)
    bounded.set_float_info("label_lower_bound", POSITIVE)
    bounded.set_float_info("label_upper_bound", np.where(LABEL, POSITIVE, np.inf))
    train("aft", None, matrix=bounded, objective="survival:aft")
if RELEASE >= (1, 6):
    train("targets", np.column_stack([SIGNAL, -2 * SIGNAL]), tree_method="hist")
if RELEASE >= (1, 7):
    train("absolute", SIGNAL, objective="reg:absoluteerror")
    for name, most in (("onehot", 100), ("partition", 1)):
        booster = xgb.train(
            {"objective": "binary:logistic", "tree_method": "hist", "max_cat_to_onehot": most, "max_depth": 3, "nthread": 1},
            xgb.DMatrix(X, label=LABEL, feature_types=["q"] * 5 + ["c"], enable_categorical=True),
            3,
        )
        write(name, booster, BOTH, feature_types=["q"] * 5 + ["c"], enable_categorical=True)
if RELEASE >= (2, 0):
    train("quantile", SIGNAL, objective="reg:quantileerror", quantile_alpha=[0.2, 0.8])
    train("vectors", np.column_stack([SIGNAL, -2 * SIGNAL]), tree_method="hist", multi_strategy="multi_output_tree")
if RELEASE == (1, 0) or RELEASE == (1, 7):
    # The binary format of before, which ends with 3.1.
    binary = xgb.train({"objective": "reg:squarederror", "max_depth": 2}, xgb.DMatrix(X, label=SIGNAL), 2)
    binary.save_model(str(FOLDER / "binary.model"))
(FOLDER / "expected.csv").write_text("\n".join(lines) + "\n")
sys.stdout.write("{}: {} lines\n".format(FOLDER.name, len(lines)))
