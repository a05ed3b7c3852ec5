"""Worker processes: each has one request at a time, and is replaced when it dies."""

import asyncio
import json
import signal
import sys
from contextlib import suppress

_START_SECONDS = 300.0
_LONGEST_PAUSE = 60.0
# A line of an answer: the curve of a day has a megabyte.
_MOST_BYTES = 2**26


class WorkerError(Exception):
    """A request has no answer; the text says why."""


class TooSlow(WorkerError):
    """It took longer than it may."""


class Died(WorkerError):
    """Its worker died."""


class NoWorker(WorkerError):
    """There is none, or there will be none."""


class Pool:
    """Worker processes and the queue before them.

    Parameters
    ----------
    command : sequence of str
        What starts a worker, see `run_worker`.
    n_workers : int
        How many.
    seconds : float
        Until an answer; then the worker is killed.
    env : dict or None, default=None
        Environment of the workers.

    Attributes
    ----------
    workers : set
        Those that are ready or busy.
    about : dict
        What the first one told of itself.
    """

    def __init__(self, command, n_workers, seconds, env=None):
        self.command, self.n_workers, self.seconds, self.env = command, n_workers, seconds, env
        self.workers, self.about = set(), {}
        self._jobs, self._open, self._keepers = asyncio.Queue(), set(), []

    async def start(self):
        """Start the workers, and return when the first one is ready.

        Raises
        ------
        NoWorker
            If it cannot be.
        """
        first = await _Worker.start(self.command, self.env)
        self.about = first.about
        self.workers.add(first)
        self._keepers = [asyncio.create_task(self._keep(first))]
        for _ in range(1, self.n_workers):
            self._keepers.append(asyncio.create_task(self._keep()))

    async def ask(self, **request):
        """Return the answer of a worker.

        Raises
        ------
        WorkerError
            If there is none.
        """
        answer = asyncio.get_running_loop().create_future()
        self._open.add(answer)
        try:
            self._jobs.put_nowait((request, answer))
            return await answer
        finally:
            self._open.discard(answer)

    async def close(self):
        """End all workers; what was asked for has no answer."""
        self._refuse("the service is ending")
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)

    def _refuse(self, why):
        for answer in self._open:
            _fail(answer, NoWorker(why))

    async def _keep(self, worker=None):
        """Keep one worker running and busy."""
        pause = 1.0
        while True:
            try:
                worker = worker or await _Worker.start(self.command, self.env)
            except NoWorker as error:
                _log(f"no worker: {error}")
                if not self.workers:
                    self._refuse("no worker process can be started; see the log of the service")
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
                continue
            pause = 1.0
            self.workers.add(worker)
            try:
                while job := await self._next(worker):
                    await self._do(worker, *job)
            finally:
                self.workers.discard(worker)
                await worker.stop()
            _log(f"a worker {worker.end}, and is replaced")
            worker = None

    async def _next(self, worker):
        """Return the next job, or None when the worker has died."""
        job = asyncio.create_task(self._jobs.get())
        try:
            await asyncio.wait({job, worker.gone}, return_when=asyncio.FIRST_COMPLETED)
            if not worker.gone.done():
                return job.result()
            if job.done():  # another worker does it
                self._jobs.put_nowait(job.result())
            return None
        finally:
            job.cancel()

    async def _do(self, worker, request, answer):
        if answer.done():  # nobody waits for it any more
            return
        try:
            found = await asyncio.wait_for(worker.ask(request), self.seconds)
        except TimeoutError:
            _fail(answer, TooSlow(f"takes longer than {self.seconds:g} s, and was stopped"))
            await worker.stop()
        except Died as error:
            _fail(answer, error)
        else:
            if not answer.done():
                answer.set_result(found)


def _log(text):
    print(f"sklearn-mer: {text}", file=sys.stderr, flush=True)


def _fail(answer, error):
    if not answer.done():
        answer.set_exception(error)


class _Worker:
    """One process; `gone` is done when it has ended."""

    def __init__(self, process):
        self._process = process
        self.gone = asyncio.ensure_future(process.wait())

    @classmethod
    async def start(cls, command, env):
        """Start a process, and return when it is ready."""
        try:
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                env=env,
                limit=_MOST_BYTES,
                start_new_session=True,  # Ctrl-C is for the service, which ends its workers
            )
        except OSError as error:
            raise NoWorker(str(error)) from error
        worker = cls(process)
        try:
            told = await asyncio.wait_for(worker._read(), _START_SECONDS)
        except (TimeoutError, Died) as error:
            await worker.stop()
            raise NoWorker(f"it {worker.end} before it was ready") from error
        except BaseException:
            await worker.stop()
            raise
        if "error" in told:
            await worker.stop()
            raise NoWorker(told["error"])
        worker.about = told["about"]
        return worker

    async def ask(self, request):
        with suppress(ConnectionError):  # there is no answer then
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            await self._process.stdin.drain()
        return await self._read()

    async def _read(self):
        line = await self._process.stdout.readline()
        if not line.endswith(b"\n"):
            await asyncio.wait({self.gone}, timeout=1.0)  # how it ends is told by itself
            await self.stop()
            raise Died(f"the process that heard the song {self.end}")
        return json.loads(line)

    async def stop(self):
        """Kill the process, and return when it has ended."""
        with suppress(ProcessLookupError):
            if not self.gone.done():
                self._process.kill()
        await self.gone
        self._process.stdin.close()

    @property
    def end(self):
        """How it ended."""
        status = self._process.returncode
        if status is None or status >= 0:
            return f"ended with status {status}"
        with suppress(ValueError):
            return f"was killed by {signal.Signals(-status).name}"
        return f"was killed by signal {-status}"
