"""Models from and to the registries that teams keep them in: MLflow, and Triton's model repositories.

`mlflow` reads an MLflow model (a folder, or from a run or registry) and writes a version as a run, `triton`
reads a folder of a Triton model repository, `pbtxt` its configuration. What they return, `export` takes.
"""
