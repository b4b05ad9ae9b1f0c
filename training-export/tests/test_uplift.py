"""Uplift by class transformation, its curve and its figures: found where it is, and not where it is not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import scorecast_export as sx
from scorecast_export.evaluation.report import report_html
from scorecast_export.evaluation.uplift import UpliftTest, beats_random
from scorecast_export.frame import TrainingFrame
from scorecast_export.train.uplift import instants
from scorecast_export.treatment import chances, grow_uplift, uplift_version

FEATURES = "features:\n  - {name: a, kind: count}\n  - {name: b, kind: count}\n  - {name: c, kind: count}\n"


def experiment(
    rows: int, seed: int, *, effect: float = 0.5, by_lot: bool = True, at: str = "2026-01-01"
) -> tuple[TrainingFrame, np.ndarray, np.ndarray]:
    """Customers whom a treatment helps where `a` is high; `b` raises the outcome, and who is treated."""
    rng = np.random.default_rng(seed)
    a, b, c = rng.random((3, rows))
    share = 0.5 if by_lot else 0.2 + 0.6 * b
    was = rng.random(rows) < share
    chance = 0.1 + 0.3 * b + effect * (a > 0.7) * was
    begins = pd.Timestamp(at, tz="UTC")
    table = pd.DataFrame(
        {
            "customer_id": [f"c-{i}" for i in range(rows)],
            "at": begins,
            "until": begins + pd.Timedelta(days=14),
            "label": (rng.random(rows) < chance).astype(float),
            **{name: x.astype(np.float32) for name, x in zip("abc", (a, b, c), strict=True)},
        }
    )
    return TrainingFrame(table, FEATURES, {}, sx.purchases_within("14d")), was, a > 0.7


def version(**options):
    known, was, _ = experiment(4000, 1, **options)
    asked, test_was, _ = experiment(3000, 2, at="2026-03-01", **options)
    share = 0.5 if options.get("by_lot", True) else None
    return uplift_version(known, was, test=asked, test_was=test_was, share=share)


def test_curve_by_hand():
    test = UpliftTest(
        "u",
        score=np.array([4.0, 3.0, 2.0, 1.0]),
        happened=np.array([1.0, 0.0, 0.0, 1.0]),
        treated=np.array([True, False, True, False]),
        chance=np.full(4, 0.5),
    )
    share, gained = test.curve()
    assert share.tolist() == [0, 0.25, 0.5, 0.75, 1]
    # Of the best two one was treated and it happened, of the other not: 1 more for half of all customers.
    assert gained.tolist() == pytest.approx([0, 0, 0.5, 0.375, 0])
    figures = test.figures()["model"]
    assert figures["effect"] == 0
    assert figures["auuc"] == pytest.approx((0 / 2 + 0.25 + 0.4375 + 0.1875) / 4)


def test_random_scores_have_no_qini_and_the_true_effect_has():
    frame, was, helped = experiment(20_000, 3)
    rng = np.random.default_rng(5)
    outcome = frame.y.astype(float)
    even = np.full(len(was), 0.5)
    true = UpliftTest("u", helped + rng.random(len(was)) / 10, outcome, was, even).figures()
    chance = UpliftTest("u", rng.random(len(was)), outcome, was, even).figures()
    assert true["model"]["effect"] == pytest.approx(0.15, abs=0.02)  # 0.5 for three in ten
    # The area of a curve that rises to 0.15 over three tenths, less the triangle's.
    assert true["model"]["qini"] == pytest.approx(0.15 * 0.85 - 0.075, abs=0.01)
    assert beats_random(true)
    low, high = chance["model"]["qini_95"]
    assert low < 0 < high and not beats_random(chance)


def test_weights_undo_a_treatment_that_followed_the_outcome():
    frame, was, _ = experiment(20_000, 6, effect=0.0, by_lot=False)
    outcome, score = frame.y.astype(float), np.zeros(len(was))
    plain = UpliftTest("u", score, outcome, was, np.full(len(was), was.mean())).figures()["model"]
    weighted = UpliftTest("u", score, outcome, was, chances(frame, was)).figures()["model"]
    assert plain["effect"] > 0.04  # it looks as if it helped
    assert abs(weighted["effect"]) < 0.02


def test_class_transformation_finds_who_is_helped_and_by_how_much():
    frame, was, helped = experiment(20_000, 7)
    model = grow_uplift(frame, was, np.full(len(was), 0.5), "uplift_14d")
    asked, _, would = experiment(5_000, 8)
    score = model.scores(asked.X)
    assert score[would].mean() == pytest.approx(0.5, abs=0.12)
    assert score[~would].mean() == pytest.approx(0.0, abs=0.06)
    assert helped.mean() == pytest.approx(0.3, abs=0.02)


def test_version_says_that_it_beats_random():
    found = version()
    assert "It BEATS treating at random" in found.training["tested"]
    assert found.outputs[0]["calibration"] == {"method": "isotonic", "x": [0.0, 1.0], "y": [-1.0, 1.0]}
    page = report_html(found, 1)
    assert "Qini curve" in page and "It BEATS treating at random" in page


def test_version_says_that_it_does_not_beat_random():
    found = version(effect=0.0, by_lot=False)
    said = found.training["tested"]
    assert "NOT SHOWN to beat treating at random" in said and "Do not decide by it" in said
    assert any("not given at random" in limit for limit in found.training["limits"])


def test_the_same_again_is_the_same():
    first, second = version(), version()
    assert first.model == second.model and first.training == second.training
    assert report_html(first, 1) == report_html(second, 1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"was": np.ones(300, bool)}, "all of the 300 rows to learn from were treated"),
        ({"was": np.zeros(300, bool)}, "none of the 300 rows to learn from were treated"),
        ({"was": np.zeros(7, bool)}, "7 treatments are given for 300 rows to learn from"),
        ({"share": 1.5}, "a share that is treated is above 0 and below 1, not 1.5"),
    ],
)
def test_what_cannot_be_compared_is_named(change, message):
    known, was, _ = experiment(300, 9)
    asked, test_was, _ = experiment(300, 10, at="2026-03-01")
    arguments = {"was": was, "test": asked, "test_was": test_was, "share": 0.5} | change
    with pytest.raises(sx.ExportError, match=message):
        uplift_version(known, **arguments)


def test_test_before_the_outcomes_were_known_is_refused():
    known, was, _ = experiment(300, 9)
    asked, test_was, _ = experiment(300, 10, at="2026-01-05")
    with pytest.raises(sx.LeakageError, match="test begins at 2026-01-05"):
        uplift_version(known, was, test=asked, test_was=test_was, share=0.5)


def test_instants_are_those_of_large_campaigns_that_were_over():
    sent = {"8": ("2017-05-08 06:00", 600), "9": ("2017-05-30 06:00", 20), "18": ("2017-10-30 06:00", 700)}
    sent |= {"13": ("2017-10-20 06:00", 900), "26": ("2017-12-28 06:00", 900)}
    mailings = pd.DataFrame(
        [
            (f"h-{i}", name, pd.Timestamp(time, tz="UTC"))
            for name, (time, n) in sent.items()
            for i in range(n)
        ],
        columns=["customer_id", "campaign", "time"],
    )
    assert [f"{at:%m-%d}" for at in instants(mailings)] == ["05-08", "10-30"]
