"""The network of `sequence` as an ONNX graph that answers with the best items and their probabilities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from scorecast_export.train.sequence import AGE_SCALE

if TYPE_CHECKING:
    from scorecast_export.train.sequence import Parameters

_OPSET = 18
_IR_VERSION = 9
COUNTS = ("bought", "bought_60d", "bought_14d")
"""Input tensors of the counts, in the order of `Inputs.counts`'s last axis."""


class _Graph:
    """Collects nodes and constants."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, value: np.ndarray) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(self, operator: str, inputs: list[str], output: str, **attributes: object) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        return output


def to_onnx(parameters: Parameters, length: int, top: int) -> bytes:
    """Write the graph.

    Parameters
    ----------
    parameters
        As `sequence.fit` returns them.
    length
        Of the sequence of recent items.
    top
        How many items to answer with.

    Returns
    -------
    bytes
        A model with the inputs ``recent`` (int64), ``ages``, ``bought``, ``bought_60d`` and ``bought_14d``
        and the outputs ``top_items`` (indices from 1) and ``top_scores`` (probabilities), best first.
    """
    items = len(parameters["bias"])
    graph = _Graph()
    graph.constant("last_axis", np.array([2], np.int64))
    _sequence(graph, parameters)
    _repeat(graph, parameters)
    graph.add("Add", ["from_sequence", "from_counts"], "both")
    graph.add("Add", ["both", graph.constant("bias", parameters["bias"])], "logits")
    graph.constant("top", np.array([top], np.int64))
    graph.nodes.append(helper.make_node("TopK", ["logits", "top"], ["top_logits", "places"], axis=1))
    graph.add("Sigmoid", ["top_logits"], "top_scores")
    graph.add("Add", ["places", graph.constant("one", np.array(1, np.int64))], "top_items")
    made = helper.make_graph(
        graph.nodes,
        "next-product",
        [
            helper.make_tensor_value_info("recent", TensorProto.INT64, ["n", length]),
            helper.make_tensor_value_info("ages", TensorProto.FLOAT, ["n", length]),
            *(helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", items]) for name in COUNTS),
        ],
        [
            helper.make_tensor_value_info("top_items", TensorProto.INT64, ["n", top]),
            helper.make_tensor_value_info("top_scores", TensorProto.FLOAT, ["n", top]),
        ],
        graph.constants,
    )
    model = helper.make_model(
        made,
        opset_imports=[helper.make_opsetid("", _OPSET)],
        ir_version=_IR_VERSION,
        producer_name="scorecast-export",
    )
    onnx.checker.check_model(model, full_check=True)
    return model.SerializeToString()


def _sequence(graph: _Graph, parameters: Parameters) -> None:
    """``from_sequence``: the GRU's last state times the items' embeddings."""
    gru, table = parameters["gru"], parameters["items"]
    graph.add("Gather", [graph.constant("items", table), "recent"], "embedded")
    graph.add("Relu", ["ages"], "ages_from_0")
    graph.add("Add", ["ages_from_0", graph.constant("one_f", np.array(1, np.float32))], "ages_1")
    graph.add("Log", ["ages_1"], "ages_log")
    scale = graph.constant("age_scale", np.array(AGE_SCALE, np.float32))
    graph.add("Div", ["ages_log", scale], "ages_scaled")
    graph.add("Unsqueeze", ["ages_scaled", "last_axis"], "ages_column")
    graph.add("Concat", ["embedded", "ages_column"], "described", axis=2)
    graph.add("Greater", ["recent", graph.constant("zero", np.array(0, np.int64))], "is_item")
    graph.add("Cast", ["is_item"], "mask", to=TensorProto.FLOAT)
    graph.add("Unsqueeze", ["mask", "last_axis"], "mask_column")
    graph.add("Mul", ["described", "mask_column"], "steps")
    graph.add("Transpose", ["steps"], "steps_first", perm=[1, 0, 2])
    weights = [
        graph.constant("gru_input", gru["input"][None]),
        graph.constant("gru_hidden", gru["hidden"][None]),
        graph.constant("gru_bias", np.concatenate([gru["input_bias"], gru["hidden_bias"]])[None]),
    ]
    hidden = gru["hidden"].shape[1]
    graph.nodes.append(
        helper.make_node(
            "GRU", ["steps_first", *weights], ["", "states"], hidden_size=hidden, linear_before_reset=1
        )
    )
    graph.add("Squeeze", ["states", graph.constant("first_axis", np.array([0], np.int64))], "state")
    # Both matrices at once: nothing stands between them.
    weight = graph.constant("to_items", (parameters["out"] @ table[1:].T).astype(np.float32))
    graph.add("MatMul", ["state", weight], "from_sequence")


def _repeat(graph: _Graph, parameters: Parameters) -> None:
    """``from_counts``: the small network over each item's counts."""
    repeat = parameters["repeat"]
    columns = [graph.add("Unsqueeze", [name, "last_axis"], f"{name}_column") for name in COUNTS]
    graph.add("Concat", columns, "counts", axis=2)
    graph.add("Add", ["counts", "one_f"], "counts_1")
    graph.add("Log", ["counts_1"], "counts_log")
    graph.add("MatMul", ["counts_log", graph.constant("repeat_w1", repeat["w1"])], "repeat_in")
    graph.add("Add", ["repeat_in", graph.constant("repeat_b1", repeat["b1"])], "repeat_biased")
    graph.add("Relu", ["repeat_biased"], "repeat_hidden")
    graph.add("MatMul", ["repeat_hidden", graph.constant("repeat_w2", repeat["w2"])], "repeat_column")
    graph.add("Squeeze", ["repeat_column", "last_axis"], "repeat_raw")
    nothing = np.maximum(repeat["b1"], 0) @ repeat["w2"][:, 0]
    graph.add("Sub", ["repeat_raw", graph.constant("nothing", np.array(nothing, np.float32))], "repeat_above")
    factor = graph.constant("repeat_factor", (1 + repeat["factor"]).astype(np.float32))
    graph.add("Mul", ["repeat_above", factor], "from_counts")
