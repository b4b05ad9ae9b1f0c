"""`model.yaml`: a version's description in the words that `docs/models.md` explains."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import yaml

from scorecast_export.versions.numbers import six_digits

if TYPE_CHECKING:
    from collections.abc import Mapping


class _Flow(list):
    """A list that is written on one line."""


class _Dumper(yaml.SafeDumper):
    pass


_Dumper.add_representer(
    _Flow, lambda dumper, items: dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=True)
)


def score_output(
    name: str,
    kind: str,
    *,
    scores: np.ndarray,
    bands: Mapping[str, float],
    fallback: float,
    calibration: Mapping[str, Any] | None = None,
    horizon: str | None = None,
    floor: float | None = 0.0,
) -> dict[str, Any]:
    """Describe an output of one number per customer.

    Parameters
    ----------
    name : str
        Ends in its horizon: ``clv_90d``.
    kind : str
        ``probability`` or ``value``.
    scores : array
        What the version publishes for the customers that percentiles are to be of.
    bands : mapping of str to float
        The share of those customers below each band, lowest first, beginning with 0.
    fallback : float
        For customers whom the model cannot score.
    calibration : mapping, optional
        ``method`` and its numbers.
    horizon : str, optional
        The last part of the name by default.
    floor : float, optional
        No value is below it; None where values may be negative.
    """
    cuts = [six_digits(q) for q in np.percentile(scores, np.arange(1, 100))]
    output: dict[str, Any] = {"name": name, "kind": kind}
    ahead = horizon or name.rpartition("_")[2]
    if re.fullmatch(r"\d+(\.\d+)?[dhm]", ahead):
        output["horizon"] = ahead
    output["column"] = 0
    if calibration is not None:
        output["calibration"] = dict(calibration)
    if kind == "value" and floor is not None:
        output["range"] = _Flow([floor, None])
    least = six_digits(min(0.0, float(np.min(scores)))) if floor is None else floor
    edges = [least if share == 0 else six_digits(np.quantile(scores, share)) for share in bands.values()]
    # A band in which nobody could be (its edge is the one before, where many have one score) is left out.
    begun = [
        (band, edge) for i, (band, edge) in enumerate(zip(bands, edges, strict=True)) if edge not in edges[:i]
    ]
    output["bands"] = [{"name": band, "from": edge} for band, edge in begun]
    output["percentiles"] = _Flow(cuts)
    output["fallback"] = six_digits(fallback)
    return output


def manifest_text(head: Mapping[str, Any], definitions: str) -> str:
    """The manifest: its own keys, then the feature definitions word for word, comments included.

    Parameters
    ----------
    head : mapping
        Every key but ``features``.
    definitions : str
        A feature file; its ``features:`` list becomes the manifest's.
    """
    text = yaml.dump(
        {key: _INLINE[key](value) if key in _INLINE else value for key, value in head.items()},
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=110,
    )
    return f"{text}\n{definitions.rstrip()}\n"


def _inputs(inputs: Any) -> Any:  # noqa: ANN401 - whatever YAML can hold
    return [{**tensor, "features": _Flow(tensor["features"])} for tensor in inputs]


def _outputs(outputs: Any) -> Any:  # noqa: ANN401
    """Numbers on as few lines as they were written on, also when they were read from a file."""
    return [
        {key: _Flow(value) if key in ("percentiles", "range") else value for key, value in output.items()}
        for output in outputs
    ]


def _training(facts: Any) -> Any:  # noqa: ANN401
    """The tables of ranked lists in as many lines as they have rows."""
    return {key: _flowing(value) if key == "by_length" else value for key, value in facts.items()}


def _flowing(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, dict):
        return {key: _flowing(inner) for key, inner in value.items()}
    return _Flow(value) if isinstance(value, list) else value


_INLINE = {"inputs": _inputs, "outputs": _outputs, "training": _training}
