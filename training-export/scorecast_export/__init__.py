"""Trains, evaluates and exports the model versions that Scorecast serves.

Importing this package costs nothing: heavy libraries are imported by the modules that need them, so that
``python -m scorecast_export demo-events --synthetic`` runs on a bare Python.
"""

__version__ = "0.1.0"
