"""The shipped policy: its folder, and that it says only what models and itself define."""

from __future__ import annotations

import json

import yaml

from scorecast_export.versions.policy import EXAMPLES, POLICY, has_policy, write_policy

OUTPUTS = ("p_redeem_30d", "p_lapse_28d", "clv_90d")
WORDS = {"in", "segments", "missing"}


def names_in(rule: str) -> set[str]:
    """Names that a rule reads: words outside quotes."""
    outside = " ".join(rule.split('"')[::2])
    words = "".join(c if c.isalnum() or c == "_" else " " for c in outside).split()
    return {word for word in words if not word[0].isdigit()} - WORDS


def test_write_policy_is_a_folder_of_its_own_version(tmp_path):
    assert not has_policy(tmp_path)
    folder = write_policy(tmp_path)
    assert has_policy(tmp_path)
    assert folder == tmp_path / "policy" / "1"
    assert sorted(file.name for file in folder.iterdir()) == ["SHA256SUMS", "golden.ndjson", "policy.yaml"]
    lines = [json.loads(line) for line in (folder / "golden.ndjson").read_text().splitlines()]
    assert [line["expect"] for line in lines] == [example["expect"] for example in EXAMPLES]
    assert write_policy(tmp_path).name == "2"


def test_rules_read_only_what_is_defined():
    policy = yaml.safe_load(POLICY.read_text())
    features = {feature["name"] for feature in policy["features"]}
    known = features | {output + suffix for output in OUTPUTS for suffix in ("", "_band", "_percentile")}
    rules = [p["when"] for score in policy["scores"] for p in score["points"]]
    rules += [rule["when"] for part in ("segments", "decisions") for rule in policy[part] if "when" in rule]
    assert {name for rule in rules for name in names_in(rule)} <= known
    segments = {segment["name"] for segment in policy["segments"]}
    asked = {rule.split('"')[1] for rule in rules if "in segments" in rule}
    assert asked <= segments


def test_decisions_end_in_a_default_and_examples_expect_known_ones():
    policy = yaml.safe_load(POLICY.read_text())
    decisions = [decision["name"] for decision in policy["decisions"]]
    assert len(set(decisions)) == len(decisions) >= 4
    assert ["when" in decision for decision in policy["decisions"]].count(False) == 1
    assert "when" not in policy["decisions"][-1]
    assert {e["expect"]["decision"] for e in EXAMPLES if "decision" in e["expect"]} <= set(decisions)
