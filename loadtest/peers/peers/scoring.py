"""The models and rules as a Python service holds them: XGBoost's and ONNX Runtime's own libraries, plain ifs."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import xgboost as xgb
import yaml

ORDERS_90D = 2
CART_OPEN = 31


@dataclass(frozen=True)
class Output:
    """What is published of a model's number: rounded, with its band and percentile."""

    name: str
    edges: list[float]
    bands: list[str]
    cuts: list[float]
    floor: float | None

    @classmethod
    def of(cls, version: Path) -> Output:
        """Read from a version's manifest."""
        output = yaml.safe_load((version / "model.yaml").read_text(encoding="utf-8"))["outputs"][0]
        bands = output["bands"]
        floor = output["range"][0] if "range" in output else None
        return cls(
            output["name"],
            [band["from"] for band in bands],
            [band["name"] for band in bands],
            output["percentiles"],
            floor,
        )

    def into(self, answer: dict[str, Any], raw: float) -> float:
        """Write the score with its band and percentile; returns the score."""
        score = float(f"{raw if self.floor is None else max(raw, self.floor):.6g}")
        answer[self.name] = score
        answer[self.name + "_band"] = self.bands[bisect_right(self.edges, score) - 1]
        answer[self.name + "_percentile"] = bisect_right(self.cuts, score)
        return score


class Models:
    """Two forests, a network and the rules, from the folder that the service reads too."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        self.purchase, self.purchase_output = _forest(folder / "purchase" / "1", threads)
        self.value, self.value_output = _forest(folder / "value" / "1", threads)
        version = folder / "soft-drinks" / "1"
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self.network = onnxruntime.InferenceSession(
            version / "model.onnx", options, providers=["CPUExecutionProvider"]
        )
        self.drinks_output = Output.of(version)

    def raw(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The three models' numbers of some rows."""
        return (
            self.purchase.inplace_predict(rows, validate_features=False),
            self.value.inplace_predict(rows, validate_features=False),
            self.network.run(None, {"features": rows})[0][:, 0],
        )

    def answer(self, customer: str, row: np.ndarray, now: int, events: int) -> dict[str, Any]:
        """What the caller gets."""
        purchase, value, drinks = self.raw(row.reshape(1, -1))
        answer: dict[str, Any] = {"customer_id": customer, "personalized": True}
        p_purchase = self.purchase_output.into(answer, float(purchase[0]))
        clv = self.value_output.into(answer, float(value[0]))
        p_drinks = self.drinks_output.into(answer, float(drinks[0]))
        segments = []
        if row[ORDERS_90D] >= 3 and p_purchase > 0.6:
            segments.append("loyal")
        is_abandoned = 0.04 <= row[CART_OPEN] < 14
        if is_abandoned:
            segments.append("abandoned-cart")
        answer["segments"] = segments
        if segments:
            answer["segment"] = segments[-1]
        if is_abandoned:
            answer["decision"] = "finish-your-cart"
        elif clv > 40 and p_drinks > 0.1:
            answer["decision"] = "offer"
        else:
            answer["decision"] = "standard"
        answer["versions"] = {"purchase": 1, "value": 1, "soft-drinks": 1, "policy": 1}
        answer["as_of"] = datetime.fromtimestamp(now / 1000, UTC).isoformat()
        answer["profile_events"] = events
        return answer


def _forest(version: Path, threads: int) -> tuple[xgb.Booster, Output]:
    booster = xgb.Booster(model_file=version / "model.ubj")
    booster.set_param({"nthread": threads})
    return booster, Output.of(version)
