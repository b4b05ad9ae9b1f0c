"""The demo: every line that it prints is pasted into a shell, and the answers show what they promise."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

import launcher

TRIES_SECONDS = 120


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("demo")


class Demo:
    """A running ``./scorecast demo --synthetic``."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.log = folder / "demo.log"
        command = [str(launcher.LAUNCHER), "demo", "--synthetic", "--port", str(port)]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*command, "--data", str(folder / "data")],
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait(self) -> str:
        end = time.monotonic() + TRIES_SECONDS
        while time.monotonic() < end:
            text = self.log.read_text()
            if "Ctrl-C stops" in text:
                return text
            assert self.process.poll() is None, text
            time.sleep(0.1)
        raise AssertionError(f"not ready after {TRIES_SECONDS} s: {self.log.read_text()}")

    def stop(self) -> int:
        os.killpg(self.process.pid, signal.SIGINT)
        try:
            return self.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            raise


def lines(text: str) -> list[tuple[str, str]]:
    """Return each line to paste with what it shows."""
    return re.findall(r"^# (.+)\n(curl .+)$", text, re.MULTILINE)


def paste(line: str) -> str:
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=20, check=True)
    return done.stdout


def test_every_printed_line_shows_what_it_says(folder):
    demo = Demo(folder)
    try:
        text = demo.wait()
        assert "made up" in text
        assert re.search(r"Ready in [\d.]+ s at http", text)
        shown = lines(text)
        answers = {what: paste(line) for what, line in shown}
    finally:
        demo.stop()

    def answer(words: str) -> str:
        (found,) = [given for what, given in answers.items() if words in what]
        return found

    def accepted(words: str, count: int) -> None:
        assert json.loads(answer(words)) == {"accepted": count, "rejected": 0, "errors": []}

    assert len(shown) == len(answers) == text.count("\ncurl ")
    score = json.loads(answer("a score:"))
    assert score["personalized"] is True
    assert score["items"]
    accepted("a journey", 2)
    later = json.loads(answer("a day later"))
    assert later["personalized"] is True
    if "policy" in later["versions"]:
        assert "abandoned-cart" in later["segments"]
        assert later["decision"] == "finish-your-cart"
    before, after = answer("how likely"), answer("same question again")
    assert float(after) < float(before)
    accepted("comes back", 1)
    batch = json.loads(answer("a batch"))["results"]
    assert len(batch) == len({result["customer_id"] for result in batch}) == 4
    assert float(answer("one bare value")) > 0
    accepted("an opt-out", 1)
    opted_out = json.loads(answer("gets what everybody gets"))
    assert (opted_out["personalized"], opted_out["reason"]) == (False, "opted_out")
    accepted("agrees again", 1)
    unknown = json.loads(answer("somebody unknown"))
    assert (unknown["personalized"], unknown["reason"]) == (False, "unknown_customer")


def test_a_second_start_finds_the_customers_there_and_the_opt_out_taken_back(folder):
    demo = Demo(folder)
    try:
        text = demo.wait()
        assert "there from before" in text
        newcomer = re.search(r"(\S+)\s+came late", text)
        assert newcomer
        (port,) = set(re.findall(r"localhost:(\d+)/v1", text))
        score = json.loads(paste(f"curl -s http://localhost:{port}/v1/scores/{newcomer[1]}"))
        assert score["personalized"] is True
        assert_lines_of_the_guides_work(port)
    finally:
        demo.stop()


def assert_lines_of_the_guides_work(port: str) -> None:
    """Paste every curl line of README and guide; ``-f`` fails on an error of the service."""
    tried = 0
    for page in ("README.md", "docs/getting-started.md"):
        text = (launcher.ROOT / page).read_text(encoding="utf-8")
        for line in re.findall(r"^curl -s (.+)$", text, re.MULTILINE):
            assert paste(f"curl -sf {line}".replace("localhost:8080", f"localhost:{port}")), line
            tried += 1
    assert tried > 10
