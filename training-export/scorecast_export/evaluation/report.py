"""`report.html`: a version's figures and charts as one page that opens offline."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from scorecast_export.evaluation import lists
from scorecast_export.evaluation.evaluation import MAIN, Evaluation
from scorecast_export.evaluation.importance import Importance, importances
from scorecast_export.evaluation.svg import COLOURS, Chart, Series, number
from scorecast_export.train.metrics import calibration_curve

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from scorecast_export.versions.version import Version

_WORDS = {
    "auc": "AUC",
    "pr_auc": "PR-AUC",
    "brier": "Brier score",
    "log_loss": "log loss",
    "calibration_error": "calibration error",
    "calibration_error_by_chance": "calibration error if right",
    "spearman": "Spearman",
    "gini": "normalised Gini",
    "mae": "mean absolute error",
    "recall_10": "recall@10",
    "ndcg_10": "NDCG@10",
}

NOT_LISTED = ("metrics", "tested", "limits", "by_length")
"""Facts of training that have a place of their own in report and card."""
_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;color:#1c2126;background:#fff}
body{max-width:1000px;margin:2rem auto;padding:0 1rem}
h1{margin-bottom:.2rem}h2{margin-top:2.2rem;border-bottom:1px solid #d8dde2;padding-bottom:.2rem}
table{border-collapse:collapse;margin:.8rem 0;font-variant-numeric:tabular-nums}
th,td{padding:.25rem .7rem;text-align:right;border-bottom:1px solid #e6e9ec}
th:first-child,td:first-child{text-align:left}th{font-weight:600;background:#f5f7f9}
small{color:#5c656e}.wide{overflow-x:auto}

.charts{display:grid;gap:1rem;grid-template-columns:repeat(auto-fit,minmax(340px,1fr))}
figure{margin:0}figcaption{font-weight:600}
svg{width:100%;height:auto;font:11px system-ui,sans-serif;fill:#3a424a}
.grid{stroke:#e3e7ea}.legend span{margin-right:1rem;font-size:13px}
.legend i{display:inline-block;width:.8em;height:.8em;margin-right:.35em}
.verdict{padding:.6rem .9rem;background:#f0f5fb;border-left:4px solid #1f5fa8}
td:has(.bar){text-align:left}
.bar{display:inline-block;height:.8em;background:#1f5fa8}
"""


def report_html(version: Version, number_of: int) -> str:
    """The page: what the model card says, with charts; the same bytes for the same version."""
    facts = version.training
    title = f"{version.name} {number_of}"
    parts = [
        f"<h1>{escape(title)}</h1><p>{escape(version.description)}</p>",
        *(_verdict(evaluation, facts["metrics"]) for evaluation in version.evaluations),
        lists.verdicts(facts["metrics"]),
        "<h2>How good it is</h2>",
        figures_table(facts["metrics"]) if facts["metrics"] else "",
        f"<p>{_plain(facts['tested'])}</p>",
        *(_evaluation(evaluation, many=len(version.evaluations) > 1) for evaluation in version.evaluations),
        _uplift(version),
        lists.section(facts),
        _importance(version),
        "<h2>How it was made</h2>",
        _facts({k: v for k, v in facts.items() if k not in NOT_LISTED}),
        _limits(facts["limits"]),
        f"<h2>Data</h2><p>{escape(version.data)}</p>" if version.data else "",
    ]
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">'
        f"<style>{_STYLE}</style></head><body>\n" + "\n".join(filter(None, parts)) + "\n</body></html>\n"
    )


def _plain(text: str) -> str:
    return escape(text).replace("`", "")


def _verdict(evaluation: Evaluation, metrics: Mapping[str, Mapping[str, Any]]) -> str:
    """Better than each baseline, or not shown to be: by the paired interval of the main metric."""
    main = MAIN[evaluation.kind]
    found = []
    for name in evaluation.baselines:
        above = metrics.get(name, {}).get(f"model_{main}_above")
        if above is None:
            continue
        said = (
            "better than" if above[0] > 0 else "worse than" if above[1] < 0 else "not shown to be better than"
        )
        found.append(
            f"{said} <b>{escape(name.replace('_', ' '))}</b> "
            f"(its {_WORDS[main]} is {above[0]:+.4f} to {above[1]:+.4f} above)"
        )
    if not found:
        return ""
    return f'<p class="verdict"><code>{escape(evaluation.output)}</code> is {"; ".join(found)}.</p>'


def figures_table(metrics: Mapping[str, Mapping[str, Any]]) -> str:
    """A row each scorer, a column each figure, its 95 % interval below it."""
    columns = [
        name
        for name in dict.fromkeys(c for figures in metrics.values() for c in figures)
        if not name.endswith(("_95", "_above"))
    ]
    head = "".join(f"<th>{escape(_WORDS.get(c, c.replace('_', ' ')))}</th>" for c in columns)
    rows = []
    for name, figures in metrics.items():
        cells = []
        for column in columns:
            text = escape(str(figures.get(column, "")))
            if isinstance(bounds := figures.get(f"{column}_95"), list):
                text += f"<br><small>{bounds[0]} to {bounds[1]}</small>"
            cells.append(f"<td>{text}</td>")
        rows.append(f"<tr><td>{escape(name.replace('_', ' '))}</td>{''.join(cells)}</tr>")
    note = "Below each figure the middle 95 % of 1,000 bootstrap draws of the rows."
    if "calibration_error" in columns:
        note += (
            " The calibration error is the mean distance of score and outcome over ten groups of customers; "
            "right probabilities would have some, too, on so few."
        )
    table = f'<div class="wide"><table><tr><th></th>{head}</tr>{"".join(rows)}</table></div>'
    return f"{table}<p><small>{note}</small></p>"


def _evaluation(evaluation: Evaluation, *, many: bool) -> str:
    charts = [_calibration(evaluation), _lift(evaluation)] if evaluation.kind == "probability" else []
    charts += [_gains(evaluation)] + ([] if evaluation.kind == "probability" else [_decile_chart(evaluation)])
    charts.append(_distribution(evaluation))
    drawn = "".join(f"<figure><figcaption>{c.title}</figcaption>{c.to_svg()}</figure>" for c in charts)
    title = f"<h2><code>{escape(evaluation.output)}</code></h2>" if many else "<h2>In pictures</h2>"
    return f'{title}<div class="charts">{drawn}</div>{_deciles(evaluation)}{_audiences(evaluation)}'


def _calibration(evaluation: Evaluation) -> Chart:
    _, said, happened = calibration_curve(evaluation.actual, evaluation.score)
    top = float(max(said.max(), happened.max()))
    return Chart(
        "Calibration",
        "mean score of a tenth of the customers",
        "share it happened to",
        [
            Series("as said", [0, top], [0, top], "dashes", COLOURS[2]),
            Series("customers", said, happened, "dots"),
        ],
    )


def _lift(evaluation: Evaluation) -> Chart:
    lifts = [group["lift"] for group in evaluation.deciles()]
    places = list(range(1, len(lifts) + 1))
    return Chart(
        "Lift by decile",
        "tenth of the customers, best first",
        "times everybody's",
        [Series("lift", places, lifts, "bars")],
    )


def _gains(evaluation: Evaluation) -> Chart:
    series = [Series("model", *evaluation.gains(evaluation.score))]
    for place, (name, score) in enumerate(evaluation.baselines.items()):
        series.append(
            Series(name.replace("_", " "), *evaluation.gains(score), "line", COLOURS[1 + place % 3])
        )
    series.append(Series("at random", [0, 1], [0, 1], "dashes", COLOURS[2]))
    what = (
        "share of those it happened to" if evaluation.kind == "probability" else "share of all that was spent"
    )
    return Chart("Gains", "share of the customers, best first", what, series)


def _decile_chart(evaluation: Evaluation) -> Chart:
    groups = evaluation.deciles()
    places = list(range(1, len(groups) + 1))
    return Chart(
        "Predicted and actual by decile",
        "tenth of the customers, best first",
        "mean",
        [
            Series("predicted", places, [group["score"] for group in groups], "bars"),
            Series("actual", places, [group["actual"] for group in groups], "bars", COLOURS[1]),
        ],
    )


def _distribution(evaluation: Evaluation) -> Chart:
    counts, edges = np.histogram(evaluation.score, bins=20)
    x = np.repeat(edges, 2)
    y = np.concatenate([[0], np.repeat(counts, 2), [0]])
    return Chart("Distribution of the scores", "score", "customers", [Series("customers", x, y)])


def _table(head: Iterable[str], rows: Iterable[Sequence[str]]) -> str:
    top = "".join(f"<th>{name}</th>" for name in head)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<div class="wide"><table><tr>{top}</tr>{body}</table></div>'


def _deciles(evaluation: Evaluation) -> str:
    rows = [
        (str(place), f"{group['customers']:,}", number(group["score"]), number(group["actual"]),
         f"{group['lift']:.2f}", f"{group['gain']:.1%}")
        for place, group in enumerate(evaluation.deciles(), start=1)
    ]  # fmt: skip
    head = ("decile", "customers", "mean score", "mean actual", "lift", "gain so far")
    return f"<h3>Deciles</h3>{_table(head, rows)}"


def _audiences(evaluation: Evaluation) -> str:
    rows = [
        (f"best {each['share']:.0%}", f"{each['customers']:,}", number(each["from"]), number(each["actual"]),
         f"{each['lift']:.2f}", f"{each['gain']:.1%}")
        for each in evaluation.audiences()
    ]  # fmt: skip
    head = ("audience", "customers", "score from", "mean actual", "lift", "of all")
    bands = ", ".join(f'"{name}": {share:.2f}' for name, share in evaluation.suggested_bands().items())
    worth = (
        "<p>By cost: contacting a customer pays where the score is above the cost of the contact divided by "
        "what a yes is worth.</p>"
        if evaluation.kind == "probability"
        else ""
    )
    return (
        f"<h3>Audiences and bands</h3>{_table(head, rows)}"
        "<p>Bands by lift (high: the deciles of at least twice everybody's; low: those of at most half): "
        f"<code>bands={{{bands}}}</code>, "
        f"the share of customers below each, as <code>export</code> takes them.</p>{worth}"
    )


def _uplift(version: Version) -> str:
    if version.uplift is None:
        return ""
    chart = version.uplift.chart()
    return (
        '<h2>In pictures</h2><div class="charts"><figure>'
        f"<figcaption>{chart.title}</figcaption>{chart.to_svg()}</figure></div>"
    )


def _importance(version: Version) -> str:
    if version.contributions is None or not len(version.rows):
        return ""
    found = importances(version.rows, version.contributions)
    if not found:
        return ""
    head = ("feature", "mean size", "", "missing", "lowest values", "", "", "", "highest values")
    return (
        "<h2>What it reads the answer from</h2>"
        f"{_table(head, (_row(each, found[0].size) for each in found))}"
        "<p><small>Contributions to the margin by XGBoost's pred_contribs (SHAP values) over at most 2,000 "
        "training rows: the mean of their sizes, and their mean where the feature is missing and in up to "
        "five groups of rows from its lowest values to its highest. Above 0 raises the score.</small></p>"
    )


def _row(each: Importance, largest: float) -> list[str]:
    bar = f'<span class="bar" style="width:{120 * each.size / largest:.0f}px"></span>'
    groups = [f"{part:+.3f}" for part in each.by_value]
    cells = groups[:1] + [""] * (5 - len(groups)) + groups[1:] if groups else [""] * 5
    missing = "" if np.isnan(each.missing) else f"{each.missing:+.3f}"
    return [escape(each.column), f"{each.size:.3f}", bar, missing, *cells]


def _facts(facts: Mapping[str, Any]) -> str:
    return (
        "<ul>"
        + "".join(f"<li>{escape(k.replace('_', ' '))}: {escape(_text(v))}</li>" for k, v in facts.items())
        + "</ul>"
    )


def _text(value: Any) -> str:  # noqa: ANN401 - whatever a manifest can hold
    if isinstance(value, dict):
        return ", ".join(f"{name} {_text(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return " to ".join(map(_text, value))
    return str(value)


def _limits(limits: Sequence[str]) -> str:
    if not limits:
        return ""
    return (
        "<h2>Where it must not be relied on</h2><ul>"
        + "".join(f"<li>{_plain(x)}</li>" for x in limits)
        + "</ul>"
    )
