"""Worker processes: answers, time limits, deaths, replacements. Each test starts some."""

import asyncio
import os
import signal
import sys

import pytest

from sklearn_mer.serve._pool import Died, NoWorker, Pool, TooSlow

pytestmark = pytest.mark.slow
WORKER = """
import os, signal, sys, time
from pathlib import Path
from sklearn_mer.serve import run_worker

def answer(do, what=None):
    if do == "sleep":
        time.sleep(what)
    if do == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if do == "fail":
        raise RuntimeError("a fault")
    print("noise of a library")
    os.write(1, b"noise of another")
    return {"what": what, "pid": os.getpid()}

def prepare():
    if Path(sys.argv[1]).exists():
        raise OSError("no model any more")
    return {"model": "m"}, answer

raise SystemExit(run_worker(prepare))
"""


def run(test, tmp_path, n_workers=1, seconds=30.0):
    """Run a coroutine with a pool that has started; creating `flag` lets no worker start."""

    async def go():
        pool = Pool([sys.executable, "-c", WORKER, str(tmp_path / "flag")], n_workers, seconds)
        await pool.start()
        try:
            await test(pool)
        finally:
            await pool.close()
            assert pool.workers == set()

    asyncio.run(go())


async def until(holds):
    async with asyncio.timeout(60):
        while not holds():
            await asyncio.sleep(0.01)


def test_each_gets_its_own_answer(tmp_path):
    async def test(pool):
        assert pool.about == {"model": "m"}
        await until(lambda: len(pool.workers) == 2)
        answers = await asyncio.gather(*(pool.ask(do="it", what=n) for n in range(100)))
        assert [answer["what"] for answer in answers] == list(range(100))
        assert len({answer["pid"] for answer in answers}) == 2
        # A line of an answer may be long.
        assert len((await pool.ask(do="it", what="x" * 10**6))["what"]) == 10**6

    run(test, tmp_path, n_workers=2)


@pytest.mark.parametrize(
    ("do", "error", "why"),
    [("die", Died, "SIGKILL"), ("fail", Died, "status 1"), ("sleep", TooSlow, "longer than 2 s")],
)
def test_a_worker_is_replaced_and_others_are_answered(do, error, why, tmp_path, capfd):
    async def test(pool):
        first = (await pool.ask(do="it"))["pid"]
        bad, *good = await asyncio.gather(
            pool.ask(do=do, what=60), *(pool.ask(do="it") for _ in range(3)), return_exceptions=True
        )
        assert type(bad) is error
        assert why in str(bad)
        (pid,) = {answer["pid"] for answer in good}
        assert pid != first
        with pytest.raises(ProcessLookupError):
            os.kill(first, 0)

    run(test, tmp_path, seconds=2.0)
    assert "is replaced" in capfd.readouterr().err


def test_one_that_is_killed_while_it_waits_costs_no_answer(tmp_path):
    async def test(pool):
        (worker,) = pool.workers
        os.kill(worker._process.pid, signal.SIGKILL)
        await asyncio.sleep(0)
        await worker.gone
        assert (await pool.ask(do="it", what=1))["what"] == 1

    run(test, tmp_path)


def test_one_that_nobody_waits_for_is_not_asked(tmp_path):
    async def test(pool):
        first = asyncio.ensure_future(pool.ask(do="sleep", what=0.2))
        given_up = asyncio.ensure_future(pool.ask(do="die"))
        await asyncio.sleep(0.05)
        given_up.cancel()
        pid = (await first)["pid"]
        assert (await pool.ask(do="it"))["pid"] == pid

    run(test, tmp_path)


def test_without_a_worker_there_is_a_reason(tmp_path, capfd):
    async def test(pool):
        (tmp_path / "flag").touch()
        with pytest.raises(Died):
            await pool.ask(do="die")
        with pytest.raises(NoWorker, match="no worker process can be started"):
            await pool.ask(do="it")
        assert pool.workers == set()
        (tmp_path / "flag").unlink()
        await until(lambda: pool.workers)
        assert (await pool.ask(do="it", what=1))["what"] == 1

    run(test, tmp_path)
    assert "no worker: no model any more" in capfd.readouterr().err
    (tmp_path / "flag").touch()
    with pytest.raises(NoWorker, match="no model any more"):
        run(test, tmp_path)


def test_the_end_leaves_no_question_open(tmp_path):
    async def test(pool):
        open_ones = [asyncio.ensure_future(pool.ask(do="sleep", what=60)) for _ in range(3)]
        await asyncio.sleep(0.05)
        await pool.close()
        for answer in await asyncio.gather(*open_ones, return_exceptions=True):
            assert str(answer) == "the service is ending"

    run(test, tmp_path)
