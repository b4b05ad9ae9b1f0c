"""Writes the models beside it, each with what Python answers, once for each release of XGBoost that it is run with.

pip install xgboost-cpu==3.2.0 scikit-learn pandas; python make_models.py    (3.4.1 needs Python 3.12)

A line of NAME-RELEASE.csv is: 12 features (empty is missing), predictions, margins.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import xgboost as xgb

HERE = Path(__file__).parent
RELEASE = xgb.__version__.rpartition(".")[0]
TRAINED, SHOWN = 1500, 60

rng = np.random.default_rng(1)
X = rng.normal(size=(TRAINED, 12)).round(3).astype(np.float32)
X[rng.random(X.shape) < 0.3] = np.nan
SIGNAL = np.nan_to_num(X[:, 0]) + np.nan_to_num(X[:, 3]) ** 2 - 1 + rng.normal(size=TRAINED) / 2
LABEL = SIGNAL > 0
NAMED = pd.DataFrame(X, columns=[f"f{i}" for i in range(12)])


def write(name, model, rows, predictions, margins, ending="ubj"):
    model.get_booster().save_model(HERE / f"{name}-{RELEASE}.{ending}")
    table = np.column_stack([np.asarray(rows, np.float32), predictions, margins])[:SHOWN].astype(np.float32)
    lines = [",".join("" if np.isnan(x) else np.format_float_positional(x, trim="-") for x in row) for row in table]
    (HERE / f"{name}-{RELEASE}.csv").write_text("\n".join(lines) + "\n")


def classifier(name, rows=X, label=LABEL, ending="ubj", **settings):
    model = xgb.XGBClassifier(max_depth=3, n_jobs=1, random_state=1, **settings)
    more = {"eval_set": [(rows[1000:], label[1000:])], "verbose": False} if "early_stopping_rounds" in settings else {}
    model.fit(rows[:1000], label[:1000], **more)
    found = model.predict_proba(rows)
    found = found if found.shape[1] > 2 else found[:, 1]
    write(name, model, rows, found, model.predict(rows, output_margin=True), ending)


def regressor(name, label=SIGNAL, **settings):
    model = xgb.XGBRegressor(max_depth=3, n_jobs=1, random_state=1, **settings)
    model.fit(X, label)
    write(name, model, X, model.predict(X), model.predict(X, output_margin=True))


classifier("early", NAMED, n_estimators=200, learning_rate=0.5, early_stopping_rounds=5, ending="json")
classifier("dart", n_estimators=12, booster="dart", rate_drop=0.5)
classifier("classes", label=np.digitize(SIGNAL, [-1, 0, 1]), n_estimators=4)
classifier("base", n_estimators=3, base_score=0.2)
regressor("quantiles", n_estimators=4, objective="reg:quantileerror", quantile_alpha=[0.1, 0.5, 0.9])
regressor("tweedie", label=np.exp(SIGNAL), n_estimators=8, objective="reg:tweedie")
TARGETS = np.column_stack([SIGNAL, -SIGNAL, 2 * SIGNAL + 1])
regressor("targets", label=TARGETS, n_estimators=3, num_parallel_tree=2, subsample=0.7)
regressor("vectors", label=TARGETS, n_estimators=3, multi_strategy="multi_output_tree")
CODES = X.copy()
CODES[:, 11] = np.clip(np.nan_to_num(X[:, 11]) * 2 + 4, 0, 8).astype(int)
for shape, one_hot in (("categories", 1), ("onehot", 100)):
    model = xgb.XGBClassifier(
        max_depth=3,
        n_estimators=6,
        enable_categorical=True,
        max_cat_to_onehot=one_hot,
        feature_types=["q"] * 11 + ["c"],
    )
    model.fit(CODES, LABEL ^ np.isin(CODES[:, 11], [1, 4, 5]))
    write(shape, model, CODES, model.predict_proba(CODES)[:, 1], model.predict(CODES, output_margin=True))
