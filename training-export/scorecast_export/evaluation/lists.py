"""Ranked lists by their length: figures for the manifest, and their charts for the report."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from scorecast_export.evaluation.svg import COLOURS, Chart, Series
from scorecast_export.train import metrics

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

CUTS = (1, 3, 5, 10, 20)
"""Lengths that lists are cut to."""

_OF_CUSTOMERS = ("recall", "precision", "mrr", "ndcg")
_OF_ALL = ("coverage", "novelty")
_CHARTS = {
    "recall": ("Recall", "share of the wanted that is found"),
    "ndcg": ("NDCG", "gain over the best order"),
    "precision": ("Precision", "share of the list that is wanted"),
    "coverage": ("Coverage", "share of all items that is in any list"),
}
_TABLE = ("recall_5", "recall_10", "recall_20", "ndcg_5", "ndcg_10", "ndcg_20", "precision_10", "mrr_10")
_ABOVE = "model_recall_10_above_95"


def by_length(
    wanted: Sequence[Collection[str]],
    lists: Mapping[str, Sequence[Sequence[str]]],
    counts: Mapping[str, int],
) -> dict[str, dict[str, list[Any]]]:
    """Figures of each scorer's lists at each of the `CUTS`.

    Parameters
    ----------
    wanted : sequence of collection
        What each customer bought; none is empty.
    lists : mapping of str to sequence
        By scorer (``model`` first) the list of each customer, best first.
    counts : mapping of str to int
        How many customers bought each item before the test.

    Returns
    -------
    dict
        By scorer: ``recall``, ``precision``, ``mrr`` and ``ndcg``, each with ``<name>_95``, the bootstrap
        interval over customers; ``coverage`` and ``novelty``, which are of all lists together. A number (or
        an interval) for each cut.
    """
    found: dict[str, dict[str, list[Any]]] = {}
    for scorer, ranked in lists.items():
        figures = metrics.ranking(wanted, ranked, counts=counts, at=CUTS)
        of: dict[str, list[Any]] = {}
        for name in _OF_CUSTOMERS:
            values = [np.asarray(figures[f"{name}_{cut}"]) for cut in CUTS]
            of[name] = [round(float(value.mean()), 4) for value in values]
            of[f"{name}_95"] = [metrics.mean_interval(value) for value in values]
        for name in _OF_ALL:
            of[name] = [round(float(figures[f"{name}_{cut}"]), 4) for cut in CUTS]
        found[scorer] = of
    return found


def verdicts(figures: Mapping[str, Mapping[str, Any]]) -> str:
    """Better than each baseline, or not shown to be: by the paired interval of recall@10."""
    found = []
    for name, row in figures.items():
        if _ABOVE in row:
            low, high = row[_ABOVE]
            said = "better than" if low > 0 else "worse than" if high < 0 else "not shown to be better than"
            named = f"<b>{escape(name.replace('_', ' '))}</b>"
            found.append(f"{said} {named} (recall@10 is {low:+.4f} to {high:+.4f} above)")
    return f'<p class="verdict">The lists are {"; ".join(found)}.</p>' if found else ""


def section(facts: Mapping[str, Any]) -> str:
    """The charts and the table of each list, from what `by_length` said; nothing of a model without lists."""
    lengths = facts.get("by_length")
    if not lengths:
        return ""
    cuts = lengths["cuts"]
    return "".join(
        f"<h2><code>{escape(which)}</code> by length</h2>"
        f'<div class="charts">{_charts(cuts, scorers)}</div>{_table(cuts, scorers)}'
        for which, scorers in lengths.items()
        if which != "cuts"
    )


def _charts(cuts: Sequence[int], scorers: Mapping[str, Mapping[str, Sequence[float]]]) -> str:
    drawn = []
    for name, (title, label) in _CHARTS.items():
        series = [
            Series(scorer.replace("_", " "), cuts, of[name], "line", COLOURS[place % len(COLOURS)])
            for place, (scorer, of) in enumerate(scorers.items())
        ]
        chart = Chart(title, "length of the list", label, series)
        drawn.append(f"<figure><figcaption>{title}</figcaption>{chart.to_svg()}</figure>")
    return "".join(drawn)


def _table(cuts: Sequence[int], scorers: Mapping[str, Mapping[str, Sequence[Any]]]) -> str:
    columns = [(name, cuts.index(int(cut))) for name, _, cut in (c.rpartition("_") for c in _TABLE)]
    whole = [(name, cuts.index(10)) for name in _OF_ALL]
    words = [f"{'MRR' if n == 'mrr' else 'NDCG' if n == 'ndcg' else n}@{cuts[i]}" for n, i in columns + whole]
    rows = []
    for scorer, of in scorers.items():
        cells = [
            f"<td>{of[name][i]}<br><small>{of[f'{name}_95'][i][0]} to {of[f'{name}_95'][i][1]}</small></td>"
            for name, i in columns
        ]
        cells += [f"<td>{of[name][i]}</td>" for name, i in whole]
        rows.append(f"<tr><td>{escape(scorer.replace('_', ' '))}</td>{''.join(cells)}</tr>")
    head = "".join(f"<th>{word}</th>" for word in words)
    return (
        f'<div class="wide"><table><tr><th></th>{head}</tr>{"".join(rows)}</table></div>'
        "<p><small>Coverage: the share of the items that is in any list. Novelty: how surprising it is, in "
        "bits, to find a customer who had bought the listed item; higher is less popular.</small></p>"
    )
