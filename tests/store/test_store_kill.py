"""A process that is killed in the middle of its commits loses nothing that was acknowledged, and doubles nothing."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

from services.store.schema import HISTORY, SECTION, STEP_EVENT
from services.store.sql import SqlStore
from services.store.store import Insert
from tests.store.helpers import action, everything, found, now, section

COMMITS, KILLS = 1000, 30
ROOT = Path(__file__).parents[2]


def run_and_kill(url: str, first: int, kill_after: int, delay: float) -> int:
    """The next number without acknowledgement, after a child was killed a moment after its ``kill_after``-th commit."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.store.kill_child", url, str(first), str(COMMITS)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    acknowledged = first
    for _ in range(kill_after):
        acknowledged = int(child.stdout.readline()) + 1
    try:
        child.wait(delay)  # somewhere within the next commits
    except subprocess.TimeoutExpired:
        child.kill()
    rest = [int(line) + 1 for line in child.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
    child.wait()
    return max([acknowledged, *rest])


def finish(url: str, first: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.store.kill_child", url, str(first), str(COMMITS)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def check_nothing_half(store: SqlStore, acknowledged: int) -> None:
    """Counter, events, log and revision tell of the same commits, and of all that were acknowledged."""
    tables, snapshot = everything(store), store.read()  # two reads: a server may finish a commit of the dead in between
    landed = tables[SECTION.name][0]["order"]
    assert isinstance(landed, int)
    assert landed >= acknowledged, "an acknowledged commit is lost"
    assert [r["id"] for r in tables[STEP_EVENT.name]] == [f"l{n}" for n in range(landed)]
    lines = [line["transaction_id"] for line in tables[HISTORY.name][1:]]
    assert lines == [f"tx-{n}" for n in range(landed) for _ in range(2)]
    assert snapshot.rows(SECTION)[0]["order"] == snapshot.revision - 1


def test_thirty_kills_among_a_thousand_commits_lose_and_double_nothing(url: str) -> None:
    store, chance = SqlStore(url, "silaut", now), random.Random(2026)
    store.commit(action(Insert(SECTION, {**section(), "order": 0})))
    acknowledged = 0
    for _ in range(KILLS):
        acknowledged = run_and_kill(url, acknowledged, chance.randrange(8, 22), chance.uniform(0, 0.02))
        assert acknowledged < COMMITS, "all done before the last kill: kill earlier"
        check_nothing_half(store, acknowledged)
    finish(url, acknowledged)
    check_nothing_half(store, COMMITS)
    assert found(store, SECTION, "pem")["order"] == COMMITS
    store.close()
