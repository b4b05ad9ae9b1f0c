"""Training sets: features by the service's own engine, and labels that look ahead."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import yaml

from scorecast_export.data.files import write_frame
from scorecast_export.engine import FeatureEngine
from scorecast_export.errors import LeakageError
from scorecast_export.event_log import EventLog, last_time
from scorecast_export.instants import DaysBefore, instant
from scorecast_export.labels import Label, after_event, baskets
from scorecast_export.progress import say

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

KEYS = ("customer_id", "at", "until", "label")
"""Columns of a frame that are no features."""

Events = str | Path | Sequence[str | Path] | pd.DataFrame
Definitions = str | Path | Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class TrainingFrame:
    """Features with the definitions they were computed from, so that an export cannot mix them up.

    Attributes
    ----------
    table : DataFrame
        `customer_id`, `at`, with a label also `until` (when it was known) and `label`, then the features.
    definitions : str
        The feature file.
    files : mapping of str to str
        Vocabularies beside it, by name.
    label : Label, optional
        What `label` says.
    """

    table: pd.DataFrame
    definitions: str
    files: Mapping[str, str]
    label: Label | None = None

    @property
    def columns(self) -> list[str]:
        """The columns that a model can read (no texts): a vector of width *n* has *n*."""
        return [
            name
            for name in self.table.columns
            if name not in KEYS and pd.api.types.is_numeric_dtype(self.table[name])
        ]

    @property
    def widths(self) -> dict[str, list[str]]:
        """The columns of each feature that a model can read, in the order of definition."""
        found, rest = {}, self.columns
        for definition in yaml.safe_load(self.definitions)["features"]:
            name = definition["name"]
            own = [name] if rest[:1] == [name] else []
            while own[:1] != [name] and rest[len(own) : len(own) + 1] == [f"{name}_{len(own)}"]:
                own.append(f"{name}_{len(own)}")
            if own:
                found[name], rest = own, rest[len(own) :]
        return found

    @property
    def X(self) -> pd.DataFrame:  # noqa: N802 - the field's name
        """Features, float32, NaN for a missing one."""
        return self.table[self.columns]

    @property
    def y(self) -> np.ndarray:
        """Labels.

        Raises
        ------
        ValueError
            If the frame has none.
        """
        if "label" not in self.table:
            raise ValueError("this frame has no label: name one in features(…, label=…)")
        return self.table["label"].to_numpy()

    def __len__(self) -> int:
        return len(self.table)

    def to_pandas(self) -> pd.DataFrame:
        """A copy of the table."""
        return self.table.copy()

    def to_polars(self) -> pl.DataFrame:
        """The table as polars has it."""
        import polars as pl

        return pl.from_pandas(self.table, nan_to_null=False)

    def where(self, chosen: np.ndarray | pd.Series) -> TrainingFrame:
        """Some of the rows, by a mask."""
        return replace(self, table=self.table[pd.Series(chosen).to_numpy(bool)].reset_index(drop=True))

    def split(self, test: str | datetime) -> tuple[TrainingFrame, TrainingFrame]:
        """Rows whose labels were known at an instant, to learn from, and the rows from then on, to test on.

        Rows between the two, whose labels look into the test's time, are in neither.

        Raises
        ------
        LeakageError
            If no row's label was known by then.
        """
        begins = pd.Timestamp(instant(test))
        learned = self.table["until"] <= begins
        if not learned.any():
            first = self.table["until"].min()
            raise LeakageError(
                f"no label was known at {begins:%Y-%m-%d}: the first one was at {first:%Y-%m-%d}; "
                "begin the instants earlier or the test later"
            )
        return self.where(learned), self.where(self.table["at"] >= begins)

    def write(self, folder: Path) -> Path:
        """Write the definitions and their vocabularies into a folder and return the feature file's path."""
        path = folder / "features.yaml"
        path.write_text(self.definitions, encoding="utf-8")
        for name, content in self.files.items():
            (folder / name).write_text(content, encoding="utf-8")
        return path


def features(
    events: Events | pl.DataFrame,
    definitions: Definitions,
    *,
    at: Sequence[datetime] | DaysBefore | datetime | str,
    label: Label | None = None,
    data_until: str | datetime | None = None,
    as_known: bool = False,
    engine: FeatureEngine | None = None,
) -> TrainingFrame:
    """Compute a training set that is right at each point in time.

    Parameters
    ----------
    events : path, paths or DataFrame
        Event files as ``./scorecast load`` takes them, or a pandas or polars frame with the same columns.
    definitions : path, text or sequence of mapping
        A feature file, its text, or the definitions as Python has them.
    at : instants
        `monthly`, `weekly`, `daily`, `days_before`, or one instant.
    label : Label, optional
        `redeems_within`, `purchases_within`, `purchases_category_within`, `lapses_within`, `spend_within` or
        `next_basket`.
    data_until : instant, optional
        Up to when the events are complete; the time of the last one by default.
    as_known : bool
        Leave out of features what arrived only after the instant.
    engine : FeatureEngine, optional
        Found by itself.

    Returns
    -------
    TrainingFrame
        A row for each customer and instant, in the order of both.

    Raises
    ------
    LeakageError
        If a label looks past the end of the data.
    EngineError
        If the engine refuses the events or the definitions; its message has file, line and column.
    """
    engine = engine or FeatureEngine.found()
    text, files = read_definitions(definitions)
    frame = TrainingFrame(pd.DataFrame(), text, files, label)
    with tempfile.TemporaryDirectory(prefix="scorecast-") as name:
        folder = Path(name)
        paths = event_files(events, folder)
        log = EventLog.read(paths) if _needs_log(at, label) else None
        instants = instants_of(at, log)
        if label is not None:
            end = last_time(paths) if data_until is None else pd.Timestamp(instant(data_until))
            refuse_unknown(label, instants, end)
        say(f"computing features as of {len(instants)} instants")
        table = engine.table(paths, frame.write(folder), instants, as_known=as_known)
        if label is not None:
            say("computing labels")
            labels = _labels(label, paths, instants, engine=engine, folder=folder, log=log)
            if label.after is not None:
                _refuse_censored(labels, end)
            rest = [column for column in table.columns if column not in KEYS]
            table = table.merge(labels, on=["customer_id", "at"], validate="one_to_one")
            table = table[[*KEYS, *rest]]
    table = table.sort_values(["at", "customer_id"], kind="stable", ignore_index=True)
    return replace(frame, table=table)


def _needs_log(at: object, label: Label | None) -> bool:
    return isinstance(at, DaysBefore) or (label is not None and (label.after or label.kind == "basket"))


def instants_of(at: object, log: EventLog | None) -> list[datetime]:
    """The instants that somebody asks for, in order; those of `days_before` from the log."""
    if isinstance(at, DaysBefore):
        found = log.midnights(at) if log is not None else []
        if not found:
            raise ValueError(f"there is no event of type '{at.event}'")
        return found
    given = [at] if isinstance(at, str | datetime) else list(at)  # type: ignore[call-overload]
    if not given:
        raise ValueError("at least one instant is needed")
    return sorted({instant(moment) for moment in given})


def refuse_unknown(label: Label, instants: Sequence[datetime], end: pd.Timestamp) -> None:
    """The label of each instant must have been known when the data ended."""
    late = [at for at in instants if at + label.span > end]
    if late:
        raise LeakageError(
            f"the label looks {label.horizon} ahead of {late[0]:%Y-%m-%d}, but the events end at "
            f"{end:%Y-%m-%d %H:%M}: what comes after would count as not happened. The last instant can be "
            f"{end - label.span:%Y-%m-%d %H:%M}; data_until= says that the events are complete up to later"
        )


def _refuse_censored(labels: pd.DataFrame, end: pd.Timestamp) -> None:
    if len(labels) and labels["until"].max() > end:
        row = labels.loc[labels["until"].idxmax()]
        raise LeakageError(
            f"the label of {row['at']:%Y-%m-%d} looks ahead until {row['until']:%Y-%m-%d %H:%M}, but the "
            f"events end at {end:%Y-%m-%d %H:%M}"
        )


def _labels(
    label: Label,
    paths: Sequence[Path],
    instants: Sequence[datetime],
    *,
    engine: FeatureEngine,
    folder: Path,
    log: EventLog | None,
) -> pd.DataFrame:
    """`customer_id`, `at`, `until` and `label`."""
    if log is not None and label.after is not None:
        return _sharp(after_event(label, log, instants))
    if log is not None and label.kind == "basket":
        return _sharp(baskets(label, log, instants))
    file, asked = label_features(label, instants, folder)
    return labels_in(engine.table(paths, file, asked), label, instants)


def label_features(label: Label, instants: Sequence[datetime], folder: Path) -> tuple[Path, list[datetime]]:
    """The file of a label's own features, and the instants to ask for them."""
    wanted = [{"name": "label", **(label.definition or {})}]
    if label.among is not None:
        wanted.append({"name": "among", **label.among})
    file = folder / "label.yaml"
    file.write_text(yaml.safe_dump({"features": wanted}), encoding="utf-8")
    ahead = [at + label.span for at in instants]
    return file, sorted({*ahead, *(instants if label.among else [])})


def labels_in(table: pd.DataFrame, label: Label, instants: Sequence[datetime]) -> pd.DataFrame:
    """`customer_id`, `at`, `until` and `label` from the label's features, as of the ends of its horizon."""
    ahead = [at + label.span for at in instants]
    later = table[table["at"].isin(pd.DatetimeIndex(ahead))].copy()
    later["until"] = later["at"]
    later["at"] = later["at"] - label.span
    later["label"] = label.of(later["label"].to_numpy()) if label.of else later["label"]
    later = later[["customer_id", "at", "until", "label"]]
    if label.among is not None:
        kept = table.loc[table["at"].isin(pd.DatetimeIndex(instants)) & (table["among"] > 0)]
        later = later.merge(kept[["customer_id", "at"]], on=["customer_id", "at"])
    return _sharp(later)


def _sharp(labels: pd.DataFrame) -> pd.DataFrame:
    """Times as the engine's table has them."""
    return labels.astype({"at": "datetime64[ms, UTC]", "until": "datetime64[ms, UTC]"})


def read_definitions(given: Definitions) -> tuple[str, dict[str, str]]:
    """The feature file's text, and the vocabulary files that it names."""
    if not isinstance(given, str | Path):
        return yaml.safe_dump({"features": [dict(d) for d in given]}, sort_keys=False, allow_unicode=True), {}
    is_text = isinstance(given, str) and "\n" in given
    text = str(given) if is_text else Path(given).read_text(encoding="utf-8")
    beside = Path() if is_text else Path(given).parent
    defined = (yaml.safe_load(text) or {}).get("features") or []
    named = {d["vocabulary"] for d in defined if isinstance(d.get("vocabulary"), str)}
    found = {name for name in named if (beside / name).is_file()}
    return text, {name: (beside / name).read_text(encoding="utf-8") for name in sorted(found)}


def event_files(events: Any, folder: Path) -> list[Path]:  # noqa: ANN401 - pandas, polars or paths
    """The files; of a frame one that is written into the folder."""
    if isinstance(events, str | Path):
        return [Path(events)]
    if hasattr(events, "to_pandas"):
        events = events.to_pandas()
    if not isinstance(events, pd.DataFrame):
        return [Path(file) for file in events]
    path = folder / "events.parquet"
    write_frame(_plain(events), path)
    return [path]


def _plain(events: pd.DataFrame) -> pd.DataFrame:
    """Times as UTC, attributes as JSON text."""
    unit = "ms" if events["time"].dtype.kind in "iu" else None
    frame = events.assign(time=pd.to_datetime(events["time"], unit=unit, utc=True))
    if "attributes" in frame:
        texts = [json.dumps(dict(a)) if isinstance(a, Mapping) else a for a in frame["attributes"]]
        frame["attributes"] = pd.Series(texts, index=frame.index, dtype=object)
    return frame
