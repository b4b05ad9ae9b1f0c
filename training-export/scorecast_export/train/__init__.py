"""Trains the shipped models: one module a model for labels, splits, training and figures.

`engine` computes features by the service's own engine, `journey` holds the data, `metrics` the figures;
`boosting`, `calibration` and `trees` are what XGBoost models share; `command` runs them.
"""
