"""Puts a version folder together: model, manifest, golden examples, sample, reference, card, checksums."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import yaml

from scorecast_export.evaluation.report import report_html
from scorecast_export.versions import examples
from scorecast_export.versions.card import model_card
from scorecast_export.versions.folder import new_version, next_version
from scorecast_export.versions.manifest import manifest_text
from scorecast_export.versions.reasons import merged
from scorecast_export.versions.statistics import reference

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from scorecast_export.engine import FeatureEngine
    from scorecast_export.evaluation.evaluation import Evaluation
    from scorecast_export.evaluation.importance import Contributions
    from scorecast_export.evaluation.uplift import UpliftTest


@dataclass(frozen=True)
class Answers:
    """What a model says of rows, by output: what its library returned, and what is published.

    A number's are arrays; a list's are lists of ``[item, score]`` pairs, best first.
    """

    raw: dict[str, Any]
    published: dict[str, Any]


class Predictor(Protocol):
    """The model as its own library runs it."""

    def __call__(self, rows: pd.DataFrame) -> Answers:
        """Answers for rows as the feature engine wrote them."""


@dataclass(frozen=True)
class Version:
    """A trained model, ready to be written.

    Attributes
    ----------
    name, task, description
        As in the manifest.
    runtime, file, model
        Who runs it, the file's name and its content.
    definitions
        The feature file's text; vocabularies that it names are in `files`.
    inputs, outputs, training, tolerance
        As in the manifest; `tolerance` of the golden examples.
    predict
        Gives the golden examples' answers.
    rows, scores
        What was trained on, and what is published for it (numbers by output), for `reference.json`.
    files
        More files of the folder, by name; the definitions may name them.
    data
        Where the data is from, for the card.
    evaluations
        Its outputs on rows that it has not seen, for the report.
    uplift
        The test of a model of uplift, for the report.
    contributions
        What each feature column adds to a row's margin, of a model of trees, for the report.
    reasons
        One's own words for features' values, by feature, in place of those that their definitions give.
    ranks_pairs
        Whether a row of the model is a candidate of a customer: the definitions have ``candidates`` and
        ``pairs``, and `predict` is given the rows of some customers, each one's beside each other.
    """

    name: str
    task: str
    description: str
    runtime: str
    file: str
    model: bytes
    definitions: str
    inputs: list[dict[str, Any]]
    outputs: list[dict[str, Any]]
    training: dict[str, Any]
    predict: Predictor
    rows: pd.DataFrame
    scores: dict[str, np.ndarray]
    tolerance: float = 1e-6
    files: dict[str, str] = field(default_factory=dict)
    data: str = ""
    evaluations: Sequence[Evaluation] = ()
    uplift: UpliftTest | None = None
    contributions: Contributions | None = None
    reasons: Mapping[str, str] | None = None
    ranks_pairs: bool = False


def write_version(models: Path, version: Version, engine: FeatureEngine) -> Path:
    """Write the model's next version into a repository and return its folder.

    The one way in: trainers of this package and `export` both end here.

    Raises
    ------
    GateError
        If the service would refuse the version; nothing is left in the repository.
    """
    number = next_version(models / version.name)
    with new_version(models, version.name, engine.check) as folder:
        text = version.definitions
        (folder / version.file).write_bytes(version.model)
        (folder / "model.yaml").write_text(manifest_text(_head(version), text), encoding="utf-8")
        for name, content in version.files.items():
            (folder / name).write_text(content, encoding="utf-8")
        golden, sample, published = _examples(version, engine, feature_names(text))
        (folder / "golden.ndjson").write_text(golden, encoding="utf-8")
        (folder / "sample.ndjson").write_text(sample, encoding="utf-8")
        (folder / "reference.json").write_text(
            json.dumps(reference(version.rows, version.scores, published), separators=(",", ":")) + "\n",
            encoding="utf-8",
        )
        (folder / "report.html").write_text(report_html(version, number), encoding="utf-8")
        (folder / "MODEL_CARD.md").write_text(model_card(version, number), encoding="utf-8")
    return models / version.name / str(number)


def feature_names(definitions: str) -> list[str]:
    """Names of the features that a file defines, in its order."""
    return [definition["name"] for definition in yaml.safe_load(definitions)["features"]]


def _head(version: Version) -> dict[str, Any]:
    return {
        "schema": 1,
        "name": version.name,
        "task": version.task,
        "description": version.description,
        "runtime": version.runtime,
        "file": version.file,
        "inputs": version.inputs,
        "outputs": version.outputs,
        "tolerance": version.tolerance,
        **reasons_of(version),
        "training": version.training,
    }


def reasons_of(version: Version) -> dict[str, dict[str, str]]:
    """The manifest's ``reasons``, if it has any: of the features that the model reads."""
    names = [name for tensor in version.inputs for name in tensor["features"]]
    found = merged(version.definitions, version.reasons, names)
    return {"reasons": found} if found else {}


def _examples(
    version: Version, engine: FeatureEngine, names: list[str]
) -> tuple[str, str, dict[str, np.ndarray]]:
    """The lines of golden examples and sample, and what is published for the sample (numbers by output)."""
    customers = examples.golden_customers()
    sampled = examples.sample_customers()
    with tempfile.TemporaryDirectory(prefix="scorecast-") as folder:
        definitions = Path(folder) / "features.yaml"
        definitions.write_text(version.definitions, encoding="utf-8")
        for name, content in version.files.items():
            (Path(folder) / name).write_text(content, encoding="utf-8")
        rows = examples.compute_features(customers, engine, definitions, Path(folder))
        sample_rows = None
        if not version.ranks_pairs:
            sample_rows = examples.compute_features(sampled, engine, definitions, Path(folder))
    if version.ranks_pairs:
        answers = version.predict(rows.reset_index())
        rows = rows[~rows.index.duplicated()]
    # Texts are for policies: no model reads them.
    rows = rows.select_dtypes("number").reset_index(drop=True)
    names = [name for name in names if name in rows or f"{name}_0" in rows]
    if sample_rows is not None:
        answers = version.predict(rows)
        sample_rows = sample_rows.select_dtypes("number").reset_index(drop=True)
    golden = []
    for i, (made, row) in enumerate(zip(customers, rows.to_dict("records"), strict=True)):
        typed = {name: np.float32(value) for name, value in row.items()}
        golden.append(
            examples.line(
                made,
                features=examples.by_feature(typed, names),
                raw={name: _plain(values[i]) for name, values in answers.raw.items()},
                scores={name: _plain(values[i]) for name, values in answers.published.items()},
            )
        )
    scored = version.scores and sample_rows is not None
    published = version.predict(sample_rows).published if scored else {}
    return (
        "".join(golden),
        "".join(map(examples.line, sampled)),
        {name: np.asarray(published[name], np.float64) for name in version.scores},
    )


def _plain(value: Any) -> Any:  # noqa: ANN401 - a number or a list of pairs
    return float(value) if np.isscalar(value) else value
