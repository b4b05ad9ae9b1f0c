"""A fitted customer base: purchases and their value together, as `export` takes it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from scorecast_export.btyd.numeric import FitError
from scorecast_export.btyd.purchases import BetaGeo, Pareto
from scorecast_export.btyd.spend import GammaGamma

if TYPE_CHECKING:
    from scorecast_export.frame import TrainingFrame

RFM = """\
features:
  - {name: frequency, kind: frequency}
  - {name: recency, kind: recency}
  - {name: T, kind: T}
  - {name: monetary_value, kind: monetary_value}
"""
"""The definitions that a customer base reads, of all purchases; in days."""

COLUMNS = ("frequency", "recency", "T", "monetary_value")

_KINDS = {model.kind: model for model in (BetaGeo, Pareto)}


@dataclass(frozen=True)
class CustomerBase:
    """How customers buy and, if that was fitted, what their purchases are worth.

    Attributes
    ----------
    purchases
        BG/NBD or Pareto/NBD.
    values
        Gamma-Gamma; without it no value is expected.
    """

    purchases: BetaGeo | Pareto
    values: GammaGamma | None = None

    @classmethod
    def fit(
        cls,
        customers: TrainingFrame | pd.DataFrame,
        *,
        model: str = "bg_nbd",
        with_value: bool = True,
        penalizer: float = 0.0,
    ) -> CustomerBase:
        """Fit to customers as of one instant.

        Parameters
        ----------
        customers : TrainingFrame or DataFrame
            ``sx.features(events, sx.RFM, at=…)``, or a frame with the columns ``frequency``, ``recency``,
            ``T`` and ``monetary_value``. Who has not bought yet (all of them missing) is left out.
        model : str
            ``bg_nbd`` or ``pareto_nbd``.
        with_value : bool
            Fit Gamma-Gamma too.
        penalizer : float
            Against parameters that run away; see `BetaGeo.fit`.

        Raises
        ------
        FitError
            If the customers are of several instants, a column is missing, or no parameters fit.
        """
        if model not in _KINDS:
            raise FitError(f"there is no model '{model}'; there are: {', '.join(_KINDS)}")
        table = getattr(customers, "table", customers)
        wanted = COLUMNS if with_value else COLUMNS[:3]
        missing = [name for name in wanted if name not in table]
        if missing:
            raise FitError(
                f"the frame has no column {missing}; the definitions sx.RFM give all that is needed"
            )
        if "at" in table and table["at"].nunique() > 1:
            raise FitError(
                f"the frame has {table['at'].nunique()} instants, and a customer base is fitted as of one: "
                "each customer must count once"
            )
        rows = table[list(wanted)].astype(np.float64).dropna(how="all")
        purchases = _KINDS[model].fit(rows["frequency"], rows["recency"], rows["T"], penalizer=penalizer)
        values = None
        if with_value:
            values = GammaGamma.fit(rows["frequency"], rows["monetary_value"], penalizer=penalizer)
        return cls(purchases, values)

    @property
    def columns(self) -> list[str]:
        """What it reads, in order."""
        return list(COLUMNS if self.values else COLUMNS[:3])

    def predict(self, rows: pd.DataFrame, horizon: float) -> pd.DataFrame:
        """What the service's runtime answers, by output.

        Parameters
        ----------
        rows : DataFrame
            With `columns`. Who has not bought yet is no customer: not alive, nothing expected.
        horizon : float
            In the unit of time that the parameters were fitted in; days, of the service's features.

        Returns
        -------
        DataFrame
            ``p_alive``, ``expected_purchases`` and, with Gamma-Gamma, ``expected_average_value`` and
            ``expected_value``.
        """
        given = rows[self.columns].astype(np.float64)
        bought = ~given.isna().all(axis=1).to_numpy()
        histories, place = np.unique(given[bought].to_numpy(), axis=0, return_inverse=True)
        x, t_x, T = histories[:, :3].T
        found: dict[str, Any] = {
            "p_alive": self.purchases.p_alive(x, t_x, T),
            "expected_purchases": self.purchases.expected_purchases(horizon, x, t_x, T),
        }
        if self.values is not None:
            found["expected_average_value"] = self.values.expected_average_value(x, histories[:, 3])
            found["expected_value"] = found["expected_purchases"] * found["expected_average_value"]
        answer = pd.DataFrame(0.0, index=rows.index, columns=list(found))
        if self.values is not None:
            answer["expected_average_value"] = float(self.values.expected_average_value(0, 0))
        for name, values in found.items():
            answer.loc[bought, name] = values[place.ravel()]
        return answer

    def to_json(self, horizon: float) -> bytes:
        """The file that the runtime ``btyd`` opens; the horizon in days."""
        content: dict[str, Any] = {
            "model": self.purchases.kind,
            "horizon": int(horizon) if float(horizon).is_integer() else horizon,
            "parameters": self.purchases.parameters(),
        }
        if self.values is not None:
            content["gamma_gamma"] = self.values.parameters()
        return (json.dumps(content, indent=1) + "\n").encode()
