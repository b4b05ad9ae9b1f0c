"""Writes the ONNX files beside it: pip install onnx==1.23.2 skl2onnx==1.20.0 scikit-learn==1.9.1 onnxruntime==1.32.0; python make_models.py

classifier.csv holds what onnxruntime answers in Python: three features, the label, two probabilities a line.
"""

from pathlib import Path

import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper, save
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import FloatTensorType
from sklearn.linear_model import LogisticRegression

HERE = Path(__file__).parent
FLOAT, DOUBLE, INT64, INT32 = TensorProto.FLOAT, TensorProto.DOUBLE, TensorProto.INT64, TensorProto.INT32


def value(name, kind, *shape):
    return helper.make_tensor_value_info(name, kind, shape)


def constant(name, array):
    return numpy_helper.from_array(np.asarray(array), name)


def write(name, nodes, inputs, outputs, constants=()):
    graph = helper.make_graph(nodes, name, inputs, outputs, list(constants))
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9), HERE / f"{name}.onnx")


def linear(name, kind, dtype, batch):
    write(
        name,
        [helper.make_node("Gemm", ["features", "w", "b"], ["score"])],
        [value("features", kind, batch, 3)],
        [value("score", kind, batch, 1)],
        [constant("w", np.array([[1], [2], [3]], dtype)), constant("b", np.array([0.5], dtype))],
    )


linear("linear", FLOAT, np.float32, "n")
linear("linear_double", DOUBLE, np.float64, "n")
linear("fixed_batch", FLOAT, np.float32, 1)

# Scores of four items are the counts of the recent ones; the best two. As int32 too, and with a free width.
write(
    "recent",
    [
        helper.make_node("OneHot", ["recent", "depth", "on_off"], ["hot"], axis=-1),
        helper.make_node("Unsqueeze", ["weights", "axis"], ["column"]),
        helper.make_node("Mul", ["hot", "column"], ["weighted"]),
        helper.make_node("ReduceSum", ["weighted", "one"], ["counts"], keepdims=0),
        helper.make_node("TopK", ["counts", "k"], ["item_scores", "items"], axis=1),
        helper.make_node("Cast", ["items"], ["items32"], to=INT32),
    ],
    [value("recent", INT64, "n", 3), value("weights", FLOAT, "n", "length")],
    [value("items", INT64, "n", 2), value("item_scores", FLOAT, "n", 2), value("items32", INT32, "n", "k")],
    [
        constant("depth", np.array(5, np.int64)),
        constant("on_off", np.array([0, 1], np.float32)),
        constant("axis", np.array([2], np.int64)),
        constant("one", np.array([1], np.int64)),
        constant("k", np.array([2], np.int64)),
    ],
)

random = np.random.default_rng(7)
x = random.normal(size=(500, 3)).astype(np.float32)
classifier = LogisticRegression().fit(x, (x @ [1, -2, 0.5] + random.normal(size=500) > 0).astype(np.int64))
for name, zipmap in (("classifier", False), ("zipmap", True)):
    exported = convert_sklearn(
        classifier, initial_types=[("features", FloatTensorType([None, 3]))], options={"zipmap": zipmap}, target_opset=18
    )
    (HERE / f"{name}.onnx").write_bytes(exported.SerializeToString())
label, probabilities = onnxruntime.InferenceSession(HERE / "classifier.onnx").run(None, {"features": x[:20]})
rows = np.column_stack([x[:20], label, probabilities])
np.savetxt(HERE / "classifier.csv", rows, delimiter=",", fmt="%.9g")
