"""Writes two valid ONNX files beside it that do not end: endless.onnx never, endless_for_some.onnx if a number is above 0.

pip install onnx==1.23.2 numpy; python endless.py
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

BODY_INPUTS = [
    helper.make_tensor_value_info("step", TensorProto.INT64, []),
    helper.make_tensor_value_info("go", TensorProto.BOOL, []),
    helper.make_tensor_value_info("row", TensorProto.FLOAT, ["n", 3]),
]
BODY_OUTPUTS = [
    helper.make_tensor_value_info("go_on", TensorProto.BOOL, []),
    helper.make_tensor_value_info("next", TensorProto.FLOAT, ["n", 3]),
]


def write(name, body):
    """A loop without a count, over the features."""
    loop = helper.make_node(
        "Loop",
        ["", "begin", "features"],
        ["score"],
        body=helper.make_graph(body, "body", BODY_INPUTS, BODY_OUTPUTS),
    )
    graph = helper.make_graph(
        [loop],
        "graph",
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["n", 3])],
        [helper.make_tensor_value_info("score", TensorProto.FLOAT, ["n", 3])],
        [
            numpy_helper.from_array(np.array(True), "begin"),
            numpy_helper.from_array(np.array(0, np.float32), "zero"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.checker.check_model(model)
    onnx.save(model, Path(__file__).parent / f"{name}.onnx")


same = helper.make_node("Identity", ["row"], ["next"])
write("endless", [helper.make_node("Identity", ["go"], ["go_on"]), same])
largest = helper.make_node("ReduceMax", ["row"], ["largest"], keepdims=0)
write("endless_for_some", [largest, helper.make_node("Greater", ["largest", "zero"], ["go_on"]), same])
