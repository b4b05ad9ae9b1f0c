"""Writes ONNX files of many exporters' shapes beside it, with what onnxruntime answers in Python (NAME.csv: inputs, outputs).

pip install onnx==1.23.2 skl2onnx==1.20.0 scikit-learn onnxruntime onnxmltools==1.16.0 lightgbm==4.7.0; python other_hands.py
"""

from pathlib import Path

import lightgbm
import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxmltools import convert_lightgbm
from onnxmltools.convert.common.data_types import FloatTensorType as LightgbmType
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import FloatTensorType
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

HERE = Path(__file__).parent
FLOAT, HALF = TensorProto.FLOAT, TensorProto.FLOAT16
random = np.random.default_rng(3)
X = random.normal(size=(300, 3)).astype(np.float32)
SIGNAL = X @ [1, -2, 0.5] + random.normal(size=300)


def value(name, kind, *shape):
    return helper.make_tensor_value_info(name, kind, shape)


def constant(name, array, dtype=np.float32):
    return numpy_helper.from_array(np.asarray(array, dtype), name)


def model(nodes, inputs, outputs, constants=(), domains=()):
    graph = helper.make_graph(nodes, "graph", inputs, outputs, list(constants))
    opsets = [helper.make_opsetid("", 18), *(helper.make_opsetid(d, 1) for d in domains)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=9)


def answers(name, feeds):
    """Columns of the inputs, then of the numeric outputs, eight rows."""
    session = onnxruntime.InferenceSession(HERE / f"{name}.onnx")
    found = [a for a in session.run(None, feeds) if a.dtype.kind in "fiu"]
    columns = [np.asarray(a, np.float64).reshape(8, -1) for a in (*feeds.values(), *found)]
    np.savetxt(HERE / f"{name}.csv", np.column_stack(columns), delimiter=",", fmt="%.9g")


def perceptron(name, dtype, kind, batch="batch"):
    """What torch.onnx.export makes of Linear, ReLU, Linear, Softmax."""
    weights = np.random.default_rng(1)
    found = model(
        [
            helper.make_node("Gemm", ["input", "fc1.weight", "fc1.bias"], ["/fc1/Gemm_output_0"], transB=1),
            helper.make_node("Relu", ["/fc1/Gemm_output_0"], ["/act/Relu_output_0"]),
            helper.make_node("Gemm", ["/act/Relu_output_0", "fc2.weight", "fc2.bias"], ["/fc2/Gemm_output_0"], transB=1),
            helper.make_node("Softmax", ["/fc2/Gemm_output_0"], ["output"], axis=-1),
        ],
        [value("input", kind, batch, 3)],
        [value("output", kind, batch, 2)],
        [
            constant("fc1.weight", weights.normal(size=(5, 3)), dtype),
            constant("fc1.bias", weights.normal(size=5), dtype),
            constant("fc2.weight", weights.normal(size=(2, 5)), dtype),
            constant("fc2.bias", weights.normal(size=2), dtype),
        ],
    )
    onnx.save(found, HERE / f"{name}.onnx")


perceptron("torch", np.float32, FLOAT)
answers("torch", {"input": X[:8]})
perceptron("torch_half", np.float16, HALF)
answers("torch_half", {"input": X[:8].astype(np.float16)})
perceptron("torch_fixed", np.float32, FLOAT, batch=1)

(HERE / "external.bin").unlink(missing_ok=True)
onnx.save(
    onnx.load(HERE / "torch.onnx"),
    HERE / "external.onnx",
    save_as_external_data=True,
    location="external.bin",
    size_threshold=0,
)
answers("external", {"input": X[:8]})
for name, location in (("escape", "../external.bin"), ("absolute", "/etc/passwd"), ("hidden", ".external.bin")):
    escape = onnx.load(HERE / "external.onnx", load_external_data=False)
    for tensor in escape.graph.initializer:
        for entry in tensor.external_data:
            if entry.key == "location":
                entry.value = location
    (HERE / f"external_{name}.onnx").write_bytes(escape.SerializeToString())

two = model(
    [
        helper.make_node("Concat", ["numbers", "flags"], ["all"], axis=1),
        helper.make_node("ReduceSum", ["all", "axis"], ["sum"], keepdims=1),
    ],
    [value("numbers", FLOAT, "n", 2), value("flags", FLOAT, "n", 1)],
    [value("sum", FLOAT, "n", 1)],
    [constant("axis", [1], np.int64)],
)
onnx.save(two, HERE / "several_inputs.onnx")
answers("several_inputs", {"numbers": X[:8, :2], "flags": X[:8, 2:]})

custom = model(
    [helper.make_node("Gelu2", ["input"], ["output"], domain="com.acme")],
    [value("input", FLOAT, "n", 3)],
    [value("output", FLOAT, "n", 3)],
    domains=["com.acme"],
)
onnx.save(custom, HERE / "custom_operator.onnx")
text = model(
    [helper.make_node("Identity", ["input"], ["output"])],
    [value("input", TensorProto.STRING, "n", 3)],
    [value("output", TensorProto.STRING, "n", 3)],
)
onnx.save(text, HERE / "text_input.onnx")

words = np.where(SIGNAL > 0, "buys", "leaves")
pipeline = make_pipeline(StandardScaler(), LogisticRegression()).fit(X, words)
found = convert_sklearn(
    pipeline, initial_types=[("features", FloatTensorType([None, 3]))], options={"zipmap": False}, target_opset=18
)
(HERE / "string_labels.onnx").write_bytes(found.SerializeToString())
answers("string_labels", {"features": X[:8]})
boosting = GradientBoostingRegressor(n_estimators=5, max_depth=2).fit(X, SIGNAL)
found = convert_sklearn(boosting, initial_types=[("features", FloatTensorType([None, 3]))], target_opset=18)
(HERE / "sklearn_trees.onnx").write_bytes(found.SerializeToString())
answers("sklearn_trees", {"features": X[:8]})
trees = lightgbm.LGBMClassifier(n_estimators=5, num_leaves=4, verbose=-1).fit(X, (SIGNAL > 0).astype(int))
for name, zipmap in (("lightgbm", False), ("lightgbm_zipmap", True)):
    found = convert_lightgbm(
        trees, initial_types=[("features", LightgbmType([None, 3]))], zipmap=zipmap, target_opset=15
    )
    (HERE / f"{name}.onnx").write_bytes(found.SerializeToString())
answers("lightgbm", {"features": X[:8]})
