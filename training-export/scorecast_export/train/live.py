"""A version that serves, as it can be trained again: its features, its label and its parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from scorecast_export.errors import ExportError
from scorecast_export.labels import Label, label_of, lapses_within, redeems_within, spend_within
from scorecast_export.train.boosting import Recipe
from scorecast_export.train.trees import TreeModel

if TYPE_CHECKING:
    from pathlib import Path

SHIPPED = {
    "propensity": redeems_within("30d", after="campaign_send"),
    "churn": lapses_within("28d", active="60d"),
    "clv": spend_within("90d"),
}
"""What the shipped models were trained on, whose manifests do not name it."""


@dataclass(frozen=True)
class Live:
    """The version that serves."""

    folder: Path
    manifest: dict[str, Any]
    model: TreeModel
    label: Label
    recipe: Recipe

    @classmethod
    def read(cls, folder: Path) -> Live:
        """Read a version's folder.

        Raises
        ------
        ExportError
            If it cannot be trained again: it is not of XGBoost, or does not say on what it was trained.
        """
        if not (folder / "model.yaml").is_file():
            raise ExportError(f"there is no version {folder}: --models names the repository of the service")
        manifest = yaml.safe_load((folder / "model.yaml").read_text(encoding="utf-8"))
        model = TreeModel.stored(folder, manifest)
        training = manifest.get("training") or {}
        label = label_of(training["label"]) if "label" in training else SHIPPED.get(manifest["name"])
        parameters = dict(training.get("parameters") or {})
        if label is None or "rounds" not in parameters:
            raise ExportError(
                f"{folder}: its manifest does not say on what label it was trained, or by which parameters; "
                "export(…) of a labelled frame writes both, for a Booster with parameters="
            )
        return cls(folder, manifest, model, label, Recipe(int(parameters.pop("rounds")), parameters))

    @property
    def version(self) -> int:
        """Its number."""
        return int(self.folder.name)

    @property
    def output(self) -> dict[str, Any]:
        """What it publishes."""
        return self.manifest["outputs"][0]

    @property
    def definitions(self) -> str:
        """Its feature file: word for word, if it stands behind the manifest's own keys."""
        _, _, text = (self.folder / "model.yaml").read_text(encoding="utf-8").partition("\n\n")
        declared = {"features": self.manifest["features"]}
        try:
            same = yaml.safe_load(text) == declared
        except yaml.YAMLError:
            same = False
        return text if same else yaml.safe_dump(declared, sort_keys=False, allow_unicode=True)
