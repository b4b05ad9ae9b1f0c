"""`MODEL_CARD.md`: what a version is for, how it was made, and how good it is, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scorecast_export.evaluation.report import NOT_LISTED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scorecast_export.versions.version import Version


def model_card(version: Version, number: int) -> str:
    """The card's text: the manifest's facts of training as tables, and where the data is from."""
    facts = version.training
    parts = [
        f"# {version.name} {number}",
        version.description,
        "## How good it is",
        *([_figures(facts["metrics"])] if facts["metrics"] else []),
        f"{facts['tested']}",
        "[report.html](report.html) has the charts, and opens in any browser.",
        "## How it was made",
        _pairs({k: v for k, v in facts.items() if k not in NOT_LISTED}),
        *(
            ["## Where it must not be relied on", "\n".join(f"- {limit}" for limit in facts["limits"])]
            if facts["limits"]
            else []
        ),
        "## Data",
        *([version.data] if version.data else []),
        "The customers in `golden.ndjson` and `sample.ndjson` are made up.",
    ]
    return "\n\n".join(parts) + "\n"


def _figures(metrics: Mapping[str, Mapping[str, Any]]) -> str:
    """A table with a row for each scorer (the model, its baselines) and a column for each figure."""
    columns = [
        column
        for column in dict.fromkeys(column for figures in metrics.values() for column in figures)
        if not column.endswith(("_95", "_above"))
    ]
    lines = ["| | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
    for name, figures in metrics.items():
        cells = [cell(figures, column) for column in columns]
        lines.append(f"| {name.replace('_', ' ')} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def cell(figures: Mapping[str, Any], column: str) -> str:
    """The figure, and its 95 % interval in brackets."""
    text = _text(figures.get(column, ""))
    return f"{text} ({_text(figures[f'{column}_95'])})" if f"{column}_95" in figures else text


def _pairs(facts: Mapping[str, Any]) -> str:
    return "\n".join(f"- {name.replace('_', ' ')}: {_text(value)}" for name, value in facts.items())


def _text(value: Any) -> str:  # noqa: ANN401 - whatever a manifest can hold
    if isinstance(value, dict):
        return ", ".join(f"{name} {_text(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return " to ".join(map(_text, value))
    return str(value)
