"""BG/NBD, Pareto/NBD and Gamma-Gamma against the papers' figures and against lifetimes."""

from __future__ import annotations

import json
import warnings

import numpy as np
import pandas as pd
import pytest
from lifetimes import BetaGeoFitter, GammaGammaFitter, ParetoNBDFitter
from scipy.special import hyp2f1

import cdnow
import scorecast_export as sx
from scorecast_export.btyd.numeric import gauss_series

COLUMNS = ["frequency", "recency", "T"]


def histories() -> list[np.ndarray]:
    return [cdnow.summary()[name].to_numpy() for name in COLUMNS]


@pytest.fixture(scope="module")
def bg_nbd() -> sx.BetaGeo:
    return sx.BetaGeo.fit(*histories())


@pytest.fixture(scope="module")
def pareto_nbd() -> sx.Pareto:
    return sx.Pareto.fit(*histories())


def test_bg_nbd_on_cdnow_is_as_published(bg_nbd):
    """Fader, Hardie and Lee (2005), table 2."""
    published = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}
    assert bg_nbd.parameters() == pytest.approx(published, abs=5e-4)
    assert bg_nbd.log_likelihood(*histories()) == pytest.approx(-9582.4, abs=0.05)


def test_pareto_nbd_on_cdnow_is_as_published(pareto_nbd):
    """The same table."""
    published = {"r": 0.553, "alpha": 10.578, "s": 0.606, "beta": 11.669}
    assert pareto_nbd.parameters() == pytest.approx(published, abs=2e-3)
    assert pareto_nbd.log_likelihood(*histories()) == pytest.approx(-9595.0, abs=0.05)


def test_holdout_of_39_weeks_is_as_published(bg_nbd, pareto_nbd):
    """The paper's correlations of expected with actual purchases in weeks 40 to 78: 0.626 and 0.630."""
    actual = cdnow.holdout()
    assert actual.sum() == 1882
    for model, published in ((bg_nbd, 0.626), (pareto_nbd, 0.630)):
        expected = model.expected_purchases(39, *histories())
        assert np.corrcoef(expected, actual)[0, 1] == pytest.approx(published, abs=5e-4)


def test_gamma_gamma_on_cdnow_is_as_published():
    """Fader and Hardie (2013): p 6.25, q 3.74, v 15.44, of the 946 who bought again."""
    bought = cdnow.spend()
    assert (bought["frequency"] > 0).sum() == 946
    fitted = sx.GammaGamma.fit(bought["frequency"], bought["monetary_value"])
    assert fitted.parameters() == pytest.approx({"p": 6.25, "q": 3.74, "v": 15.44}, abs=0.01)


@pytest.mark.parametrize(
    ("model", "names", "fitter"),
    [
        (sx.BetaGeo, ("r", "alpha", "a", "b"), BetaGeoFitter),
        (sx.Pareto, ("r", "alpha", "s", "beta"), ParetoNBDFitter),
    ],
)
@pytest.mark.parametrize("parameters", [(0.243, 4.414, 0.793, 2.426), (1.4, 30.0, 1.7, 8.0)])
def test_predictions_equal_lifetimes(model, names, fitter, parameters):
    rng = np.random.default_rng(7)
    x = np.concatenate([[0, 0, 1, 90], rng.integers(1, 40, 60)])
    T = np.concatenate([[1, 700, 30, 400], rng.integers(40, 700, 60)])
    t_x = np.where(x == 0, 0, np.maximum(1, (T * rng.random(64)).astype(int)))
    reference = fitter()
    reference.params_ = pd.Series(dict(zip(names, parameters, strict=True)))
    own = model(*parameters)
    alive = np.asarray(reference.conditional_probability_alive(x, t_x, T)).ravel()
    np.testing.assert_allclose(own.p_alive(x, t_x, T), alive, rtol=1e-9, atol=1e-9)
    for horizon in (1, 39, 365):
        wanted = reference.conditional_expected_number_of_purchases_up_to_time(horizon, x, t_x, T)
        np.testing.assert_allclose(
            own.expected_purchases(horizon, x, t_x, T), np.asarray(wanted).ravel(), rtol=1e-9, atol=1e-9
        )


def test_log_likelihood_and_value_equal_lifetimes(bg_nbd):
    x, t_x, T = histories()
    reference = BetaGeoFitter._negative_log_likelihood(
        np.log([*bg_nbd.parameters().values()]), x, t_x, T, np.ones(len(x)), 0.0
    )
    assert bg_nbd.log_likelihood(x, t_x, T) / len(x) == pytest.approx(-reference, rel=1e-9)
    fitter = GammaGammaFitter()
    fitter.params_ = pd.Series({"p": 6.25, "q": 3.74, "v": 15.44})
    bought = cdnow.spend()
    np.testing.assert_allclose(
        sx.GammaGamma(6.25, 3.74, 15.44).expected_average_value(
            bought["frequency"], bought["monetary_value"]
        ),
        fitter.conditional_expected_average_profit(bought["frequency"], bought["monetary_value"]),
        rtol=1e-9,
    )


def test_gauss_series_equals_scipys():
    z = np.array([0.0, 0.1, 0.5, 0.9, 0.99])
    np.testing.assert_allclose(
        gauss_series(1.3, -0.2, np.full(5, 4.2), z), hyp2f1(1.3, -0.2, 4.2, z), rtol=1e-12
    )


@pytest.mark.parametrize("kind", ["bg_nbd", "pareto_nbd"])
def test_fit_finds_what_customers_were_made_from(kind):
    """In days, with the parameters of the simulation within their error."""
    rng = np.random.default_rng(5)
    customers, alpha, stop = 6000, 20.0, 60.0
    T = rng.integers(100, 400, customers).astype(float)
    rate = rng.gamma(0.8, 1 / alpha, customers)
    until = rng.exponential(1 / rng.gamma(0.7, 1 / stop, customers))
    chance = rng.beta(0.6, 3.0, customers)
    rows = []
    for i in range(customers):
        times, now = [], 0.0
        while (now := now + rng.exponential(1 / rate[i])) <= T[i]:
            if kind == "pareto_nbd" and now > until[i]:
                break
            times.append(now)
            if kind == "bg_nbd" and rng.random() < chance[i]:
                break
        rows.append((len(times), times[-1] if times else 0.0, T[i]))
    model = sx.BetaGeo if kind == "bg_nbd" else sx.Pareto
    found = model.fit(*np.array(rows).T).parameters()
    true = {"r": 0.8, "alpha": alpha, "a": 0.6, "b": 3.0} if kind == "bg_nbd" else None
    true = true or {"r": 0.8, "alpha": alpha, "s": 0.7, "beta": stop}
    assert found == pytest.approx(true, rel=0.25)


def test_customers_that_cannot_be_are_named():
    with pytest.raises(
        sx.FitError, match=r"row 1 has a recency outside 0 to T \(frequency 2, recency 9, T 5\)"
    ):
        sx.BetaGeo.fit([1, 2], [1, 9], [5, 5])
    with pytest.raises(sx.FitError, match="row 0 has a missing number"):
        sx.Pareto.fit([np.nan], [1], [5])
    with pytest.raises(sx.FitError, match="no customer has bought twice"):
        sx.BetaGeo.fit([0, 0], [0, 0], [5, 6])
    with pytest.raises(sx.FitError, match="no customer has a repeat purchase of a value above 0"):
        sx.GammaGamma.fit([0, 2], [0.0, 0.0])
    with pytest.raises(sx.FitError, match="there is no model 'bgnbd'; there are: bg_nbd, pareto_nbd"):
        sx.CustomerBase.fit(pd.DataFrame(), model="bgnbd")
    with pytest.raises(sx.FitError, match=r"no column \['monetary_value'\]"):
        sx.CustomerBase.fit(cdnow.summary())
    twice = pd.DataFrame({"at": [1, 2], **{name: [1.0, 2.0] for name in [*COLUMNS, "monetary_value"]}})
    with pytest.raises(sx.FitError, match="2 instants"):
        sx.CustomerBase.fit(twice)


def test_customers_who_never_stop_are_fitted_with_a_warning():
    x = np.arange(1, 60)
    with pytest.warns(sx.FitWarning, match="stopped at a bound"):
        found = sx.BetaGeo.fit(x, np.full(59, 100.0), np.full(59, 100.0))
    assert found.p_alive(30, 100, 100) == pytest.approx(1, abs=1e-4)


def test_who_has_not_bought_is_no_customer():
    base = sx.CustomerBase(sx.BetaGeo(0.243, 4.414, 0.793, 2.426), sx.GammaGamma(6.25, 3.74, 15.44))
    rows = pd.DataFrame(
        {"frequency": [np.nan, 2.0], "recency": [np.nan, 30.43], "T": [np.nan, 38.86]}
    ).assign(monetary_value=[np.nan, 22.35])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = base.predict(rows, 39)
    assert found.loc[0].to_dict() == pytest.approx(
        {
            "p_alive": 0,
            "expected_purchases": 0,
            "expected_average_value": 15.44 * 6.25 / 2.74,
            "expected_value": 0,
        }
    )
    # The paper's own example: customer 1 of CDNOW is expected to buy 1.226 times in the 39 weeks.
    assert found.loc[1, "expected_purchases"] == pytest.approx(1.226, abs=5e-4)


def test_file_is_what_the_runtime_reads():
    base = sx.CustomerBase(sx.Pareto(0.5, 10.5, 0.6, 11.6), None)
    assert json.loads(base.to_json(30)) == {
        "model": "pareto_nbd",
        "horizon": 30,
        "parameters": {"r": 0.5, "alpha": 10.5, "s": 0.6, "beta": 11.6},
    }
    assert base.columns == COLUMNS
