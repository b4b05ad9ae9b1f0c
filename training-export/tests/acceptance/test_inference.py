"""Raw predictions over the Open Inference Protocol: what the model libraries themselves answer in Python."""

from __future__ import annotations

import json
import shutil
import struct
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
import tritonclient.http as triton
import xgboost as xgb
import yaml

import launcher
from client import Client
from conftest import serve
from tiny_models import Oracle, slow_list

MODELS = launcher.ROOT / "models"
NUMPY = {"FP32": np.float32, "FP64": np.float64, "INT64": np.int64, "INT32": np.int32}
TREES = ["propensity", "churn", "clv"]


class Served:
    """A running service over a repository, asked as anyone with ``tritonclient`` would."""

    def __init__(self, http: Client, models: Path) -> None:
        self.http = http
        self.models = models
        self.triton = triton.InferenceServerClient(f"127.0.0.1:{http.port}", concurrency=4)

    def file(self, model: str) -> Path:
        """Return the file of a model's highest version."""
        folder = max((self.models / model).iterdir(), key=lambda version: int(version.name))
        return folder / yaml.safe_load((folder / "model.yaml").read_text(encoding="utf-8"))["file"]

    def ask(self, model: str, arrays: dict[str, np.ndarray], binary: bool, **more: Any) -> triton.InferResult:
        """Infer from arrays by input name, all binary or all JSON."""
        inputs = []
        for described in self.triton.get_model_metadata(model)["inputs"]:
            array = arrays[described["name"]]
            tensor = triton.InferInput(described["name"], list(array.shape), described["datatype"])
            tensor.set_data_from_numpy(array, binary_data=binary)
            inputs.append(tensor)
        if not binary:
            names = more.pop("names", [o["name"] for o in self.triton.get_model_metadata(model)["outputs"]])
            more["outputs"] = [triton.InferRequestedOutput(name, binary_data=False) for name in names]
        return self.triton.infer(model, inputs, **more)


@pytest.fixture(scope="module")
def tiny(service: Client, oracle: Oracle) -> Served:
    return Served(service, oracle.folder)


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    for client in serve(MODELS, tmp_path_factory.mktemp("inference")):
        yield Served(client, MODELS)


@pytest.fixture(scope="module")
def shipped_sequence(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The shipped sequence model alone: a higher version of it is made of trees."""
    folder = tmp_path_factory.mktemp("sequence")
    shutil.copytree(MODELS / "next-product/1", folder / "models/next-product/1")
    for client in serve(folder / "models", folder):
        yield Served(client, folder / "models")


@pytest.fixture(scope="module", params=["tiny", "shipped_sequence"])
def served_onnx(request: pytest.FixtureRequest) -> Served:
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module", params=["tiny", "shipped"])
def served(request: pytest.FixtureRequest) -> Served:
    return request.getfixturevalue(request.param)


def feature_rows(served: Served, model: str, rows: int, seed: int = 1) -> dict[str, np.ndarray]:
    """Return random inputs of the described types, three in ten missing where numbers can be."""
    rng = np.random.default_rng(seed)
    arrays = {}
    for tensor in served.triton.get_model_metadata(model)["inputs"]:
        assert tensor["shape"][0] == -1
        shape = (rows, *tensor["shape"][1:])
        if tensor["datatype"].startswith("INT"):
            arrays[tensor["name"]] = rng.integers(0, 6, shape).astype(NUMPY[tensor["datatype"]])
        else:
            array = (rng.random(shape) * 60).astype(NUMPY[tensor["datatype"]])
            if served.file(model).suffix == ".ubj":
                array[rng.random(shape) < 0.3] = np.nan
            arrays[tensor["name"]] = array
    return arrays


def predict(served: Served, model: str, rows: np.ndarray, *, margin: bool = False) -> np.ndarray:
    """Return what XGBoost itself answers."""
    booster = xgb.Booster(model_file=str(served.file(model)))
    return booster.predict(xgb.DMatrix(rows, feature_names=booster.feature_names), output_margin=margin)


def models(served: Served) -> list[str]:
    """Those of trees, one that ranks pairs among them where it is the version that serves."""
    names = [*TREES, "next-product"]
    return [m for m in names if (served.models / m).exists() and served.file(m).suffix == ".ubj"]


@pytest.mark.parametrize("binary", [True, False])
@pytest.mark.parametrize("rows", [1, 7, 2_500])
def test_trees_answer_as_xgboost_does(served: Served, rows: int, binary: bool):
    for model in models(served):
        arrays = feature_rows(served, model, rows)
        (sent,) = arrays.values()
        expected = predict(served, model, sent)
        result = served.ask(model, arrays, binary, **({} if binary else {"names": ["prediction"]}))
        answered = result.as_numpy("prediction")
        assert answered.dtype == np.float32
        assert answered.shape == (rows, 1)
        np.testing.assert_allclose(answered[:, 0], expected, rtol=1e-6, atol=1e-6)
        assert result.as_numpy("margin") is None


def test_margin_is_given_to_who_asks_for_it(served: Served):
    for model in models(served):
        arrays = feature_rows(served, model, 50)
        (sent,) = arrays.values()
        wanted = [triton.InferRequestedOutput("margin"), triton.InferRequestedOutput("prediction", False)]
        result = served.ask(model, arrays, True, outputs=wanted)
        expected = predict(served, model, sent, margin=True)
        np.testing.assert_allclose(result.as_numpy("margin")[:, 0], expected, rtol=1e-6, atol=1e-6)
        assert [o["name"] for o in result.get_response()["outputs"]] == ["margin", "prediction"]


@pytest.mark.parametrize("binary", [True, False])
@pytest.mark.parametrize("rows", [1, 33])
def test_onnx_gives_every_output_as_onnxruntime_does(served_onnx: Served, rows: int, binary: bool):
    session = onnxruntime.InferenceSession(
        served_onnx.file("next-product"), providers=["CPUExecutionProvider"]
    )
    arrays = feature_rows(served_onnx, "next-product", rows)
    expected = session.run(None, arrays)
    result = served_onnx.ask("next-product", arrays, binary)
    assert len(result.get_response()["outputs"]) == len(session.get_outputs())
    for output, array in zip(session.get_outputs(), expected, strict=True):
        answered = result.as_numpy(output.name)
        assert answered.shape == array.shape
        if array.dtype == object:
            texts = [text.decode() if binary else text for text in answered.ravel()]
            assert texts == list(array.ravel())
            continue
        assert answered.dtype == array.dtype
        np.testing.assert_allclose(answered, array, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("binary", [True, False])
@pytest.mark.parametrize("sent", ["FP64", "INT64", "INT32", "FP16"])
def test_numbers_of_other_widths_become_those_of_the_model(tiny: Served, sent: str, binary: bool):
    rows = np.array([[1, 2, 3, 4, 0, 1], [30, 0, 7, 100, 1, 0]])
    expected = predict(tiny, "propensity", rows.astype(np.float32))
    array = rows.astype({**NUMPY, "FP16": np.float16}[sent])
    tensor = {"name": "features", "shape": [2, 6], "datatype": sent}
    if binary:
        data = array.tobytes()
        tensor["parameters"] = {"binary_data_size": len(data)}
        head = json.dumps({"inputs": [tensor]}).encode()
        headers = {"Inference_Header_Content_Length": str(len(head))}
        answer = tiny.http.post("/v2/models/propensity/infer", head + data, **headers)
    else:
        tensor["data"] = array.ravel().tolist()
        answer = tiny.http.post("/v2/models/propensity/infer", {"inputs": [tensor]})
    assert answer.status == 200, answer.body
    np.testing.assert_allclose(answer.json["outputs"][0]["data"], expected, rtol=1e-6)


def test_metadata_describes_tensors_and_versions(tiny: Served):
    described = tiny.triton.get_model_metadata("propensity")
    assert described["name"] == "propensity"
    assert described["versions"] == ["1"]
    (features,) = described["inputs"]
    assert (features["name"], features["datatype"], features["shape"]) == ("features", "FP32", [-1, 6])
    assert features["parameters"]["columns"][-2:] == ["tier_0", "tier_1"]
    assert [(o["name"], o["datatype"], o["shape"]) for o in described["outputs"]] == [
        ("prediction", "FP32", [-1, 1]),
        ("margin", "FP32", [-1, 1]),
    ]
    assert tiny.triton.get_model_metadata("propensity", "1") == described
    assert "binary_tensor_data" in tiny.triton.get_server_metadata()["extensions"]


def test_health_says_what_can_be_asked(tiny: Served):
    assert tiny.triton.is_server_live()
    assert tiny.triton.is_server_ready()
    assert tiny.triton.is_model_ready("propensity")
    assert tiny.triton.is_model_ready("propensity", "1")
    assert not tiny.triton.is_model_ready("propensity", "2")
    assert not tiny.triton.is_model_ready("nothing")


def plain(tiny: Served, **tensor: Any) -> dict[str, Any]:
    """Return a request of one row, with parts replaced."""
    base = {"name": "features", "shape": [1, 6], "datatype": "FP32", "data": [1, 2, 3, 4, 0, 1]}
    return {"inputs": [{**base, **tensor}]}


def test_null_is_a_missing_number_flat_and_nested(tiny: Served):
    row = np.array([[np.nan, 2, 3, np.nan, 0, 1], [5, 4, 3, 2, 1, 0]], dtype=np.float32)
    expected = predict(tiny, "propensity", row)
    nested = [[None, 2, 3, None, 0, 1], [5, 4, 3, 2, 1, 0]]
    for data in (nested, [number for line in nested for number in line]):
        body = {"id": "mine", **plain(tiny, shape=[2, 6], data=data)}
        answer = tiny.http.post("/v2/models/propensity/infer", body)
        assert answer.status == 200, answer.body
        assert (answer.json["id"], answer.json["model_name"], answer.json["model_version"]) == (
            "mine",
            "propensity",
            "1",
        )
        (output,) = answer.json["outputs"]
        assert output["shape"] == [2, 1]
        np.testing.assert_allclose(output["data"], expected, rtol=1e-6)
    body = json.dumps(plain(tiny, data=[float("nan"), 2, 3, 4, 0, 1])).encode()
    assert tiny.http.post("/v2/models/propensity/infer", body).status == 200


def test_data_may_come_before_what_describes_it(tiny: Served):
    body = plain(tiny)
    turned = {"inputs": [dict(reversed(body["inputs"][0].items()))]}
    first = tiny.http.post("/v2/models/propensity/infer", body)
    assert tiny.http.post("/v2/models/propensity/versions/1/infer", turned).body == first.body


def test_concurrent_requests_get_their_own_rows(tiny: Served):
    arrays = [feature_rows(tiny, "clv", 1 + seed % 5, seed) for seed in range(60)]
    expected = [predict(tiny, "clv", a["features"]) for a in arrays]

    def ask(sent: dict[str, np.ndarray]) -> np.ndarray:
        rows = sent["features"]
        data = [None if np.isnan(x) else float(x) for x in rows.ravel()]
        tensor = {"name": "features", "shape": list(rows.shape), "datatype": "FP32", "data": data}
        return tiny.http.post("/v2/models/clv/infer", {"inputs": [tensor]}).json["outputs"][0]["data"]

    with ThreadPoolExecutor(16) as pool:
        for answered, wanted in zip(pool.map(ask, arrays), expected, strict=True):
            np.testing.assert_allclose(answered, wanted, rtol=1e-6)


@pytest.mark.parametrize(
    ("tensor", "words"),
    [
        ({"name": "featurs"}, ["featurs", "features"]),
        ({"datatype": "BOOL"}, ["features", "BOOL", "FP32"]),
        ({"datatype": "BYTES"}, ["features", "BYTES", "FP32"]),
        ({"shape": [1, 5]}, ["features", "[1, 5]", "[-1, 6]"]),
        ({"shape": [6]}, ["features", "[6]", "[-1, 6]"]),
        ({"shape": [-1, 6]}, ["features", "[-1, 6]"]),
        ({"data": [1, 2, 3]}, ["features", "3", "6"]),
        ({"data": [1, 2, 3, 4, 5, 6, 7]}, ["features", "6"]),
        ({"data": [[1, 2, 3], [4, 5, 6]]}, ["features", "3", "[1, 6]"]),
        ({"data": [1, 2, 3, 4, 5, "6"]}, ["features", "string", "FP32"]),
        ({"data": [1, 2, 3, 4, 5, True]}, ["features", "FP32"]),
        ({"shape": [2, 6], "data": [[1, 2, 3, 4, 5, 6], 7]}, ["features", "nested"]),
        ({"shape": "x"}, ["shape"]),
        ({"parameters": {"binary_data_size": 24}}, ["features", "24"]),
    ],
)
def test_wrong_tensor_is_named_with_what_was_expected(tiny: Served, tensor: dict[str, Any], words: list[str]):
    problem = tiny.http.post("/v2/models/propensity/infer", plain(tiny, **tensor)).problem(400)
    for word in words:
        assert word in problem["detail"], problem


def test_other_mistakes_have_their_problems(tiny: Served):
    infer = "/v2/models/propensity/infer"
    assert "inputs" in tiny.http.post(infer, {}).problem(400)["detail"]
    assert "features" in tiny.http.post(infer, {"inputs": []}).problem(400)["detail"]
    tiny.http.post(infer, b"{").problem(400)
    tiny.http.post(infer, b"[]").problem(400)
    tiny.http.post(infer, b"{} x").problem(400)
    unknown = {**plain(tiny), "outputs": [{"name": "predictions"}]}
    assert "'prediction'" in tiny.http.post(infer, unknown).problem(400)["detail"]
    twice = {"inputs": plain(tiny)["inputs"] * 2}
    assert "twice" in tiny.http.post(infer, twice).problem(400)["detail"]
    tiny.http.post(infer, plain(tiny), Inference_Header_Content_Length="99999").problem(400)
    tiny.http.post(infer, plain(tiny), Content_Type="text/plain").problem(415)
    many = plain(tiny, shape=[1_000_000, 6], data=[])
    assert "1000000" in tiny.http.post(infer, many).problem(413)["detail"]
    for path in ("nothing", "policy", "propensity/versions/7", "propensity/versions/x"):
        tiny.http.post(f"/v2/models/{path}/infer", plain(tiny)).problem(404)
        tiny.http.get(f"/v2/models/{path}").problem(404)
        tiny.http.get(f"/v2/models/{path}/ready").problem(404)


def test_binary_data_that_does_not_fit_is_refused(tiny: Served):
    def send(binary: bytes, size: int) -> Any:
        tensor = {"name": "features", "shape": [1, 6], "datatype": "FP32"}
        head = json.dumps({"inputs": [{**tensor, "parameters": {"binary_data_size": size}}]}).encode()
        headers = {
            "Content_Type": "application/octet-stream",
            "Inference_Header_Content_Length": str(len(head)),
        }
        return tiny.http.post("/v2/models/propensity/infer", head + binary, **headers)

    row = struct.pack("<6f", 1, 2, 3, 4, 0, 1)
    assert send(row, 24).status == 200
    assert "24" in send(row[:20], 24).problem(400)["detail"]
    assert "4 bytes" in send(row + b"0000", 24).problem(400)["detail"]
    assert "expected 24" in send(row[:20], 20).problem(400)["detail"]


def test_compressed_requests_are_understood(tiny: Served):
    arrays = feature_rows(tiny, "propensity", 100)
    once = tiny.ask("propensity", arrays, True).as_numpy("prediction")
    packed = tiny.ask("propensity", arrays, True, request_compression_algorithm="gzip")
    np.testing.assert_array_equal(packed.as_numpy("prediction"), once)


def test_rows_that_take_too_long_are_answered_504_and_the_service_goes_on(oracle: Oracle, tmp_path: Path):
    shutil.copytree(oracle.folder, tmp_path / "models")
    slow_list(tmp_path / "models/next-product/1")
    rows = np.ones((40_000, 6), np.float32)
    for http in serve(tmp_path / "models", tmp_path):
        served = Served(http, tmp_path / "models")
        assert served.ask("next-product", {"bought": rows[:2]}, True).as_numpy("top_items").shape == (2, 4)
        tensor = {"name": "bought", "shape": list(rows.shape), "datatype": "FP32"}
        head = json.dumps({"inputs": [{**tensor, "parameters": {"binary_data_size": rows.nbytes}}]}).encode()
        headers = {
            "Content_Type": "application/octet-stream",
            "Inference_Header_Content_Length": str(len(head)),
        }
        answer = http.post("/v2/models/next-product/infer", head + rows.tobytes(), **headers)
        problem = answer.problem(504)
        assert "10000 ms" in problem["detail"]
        assert int(answer.headers["retry-after"]) >= 1
        # What nobody waits for any more is not computed to its end.
        assert served.ask("next-product", {"bought": rows[:2]}, True).as_numpy("top_items").shape == (2, 4)
