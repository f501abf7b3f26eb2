"""Programs that are imported once and forked for every start.

Most of what a start costs is imports, which are the same every time. A program that is started
here has a process, an environment and files of its own, and ends as any other does.

`python -m tests.process.forks SOCKET MODULE…` imports the modules and starts their `main`.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Forked:
    """A program that runs, with what may be asked of an `asyncio` process."""

    def __init__(
        self,
        pid: int,
        ending: asyncio.Future[int],
        stdin: int,
        stdout: asyncio.StreamReader,
        stderr: asyncio.StreamReader,
    ) -> None:
        self.pid = pid
        self.stdout = stdout
        self.stderr = stderr
        self._ending = ending
        self._stdin: int | None = stdin

    @property
    def returncode(self) -> int | None:
        """The exit code, or minus the signal that ended it; None while it runs."""
        return self._ending.result() if self._ending.done() else None

    def send_signal(self, number: int) -> None:
        if self.returncode is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def write(self, line: str) -> None:
        """Tell it something on its stdin."""
        assert self._stdin is not None
        os.write(self._stdin, f"{line}\n".encode())

    async def communicate(self) -> tuple[bytes, bytes]:
        """Close its stdin and wait for its end; what it still writes to stdout and stderr."""
        if self._stdin is not None:
            os.close(self._stdin)
            self._stdin = None
        written = await asyncio.gather(self.stdout.read(), self.stderr.read())
        await self._ending
        return written[0], written[1]


class Forks:
    """Starts programs. Made by `forking`."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line

    async def start(
        self, module: str, arguments: Sequence[str], environment: Mapping[str, str]
    ) -> Forked:
        """A program that has been imported: `main(arguments)` of this module.

        One at a time: an order has been taken when this returns.
        """
        order = json.dumps([module, list(arguments), dict(environment)]).encode()
        (theirs_in, stdin), (stdout, theirs_out), (stderr, theirs_err), (report, theirs_report) = (
            os.pipe() for _ in range(4)
        )
        theirs = (theirs_in, theirs_out, theirs_err, theirs_report)
        socket.send_fds(self._line, [order], theirs)
        for file in theirs:
            os.close(file)
        news = await _reader(report)
        pid = int(await news.readline())
        ending = asyncio.ensure_future(_number_in(news))
        return Forked(pid, ending, stdin, await _reader(stdout), await _reader(stderr))


@contextlib.contextmanager
def forking(*modules: str) -> Iterator[Forks]:
    """A process that has imported the modules of programs; it ends with the context."""
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.process.forks", str(theirs.fileno()), *modules],
                cwd=ROOT,
                env={"PATH": os.environ["PATH"]},
                pass_fds=[theirs.fileno()],
            )
        yield Forks(ours)
    process.wait()


async def _reader(file: int) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(file, "rb", 0)
    )
    return reader


async def _number_in(reader: asyncio.StreamReader) -> int:
    return int(await reader.read())


def _wait_to_be_started(line: socket.socket) -> tuple[str, list[str]]:
    """Fork a process for each order. Returns in the started program only: what to run."""
    while True:
        order, files, _, _ = socket.recv_fds(line, 1 << 16, 4)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        if not order:
            # Nobody will ask for more.
            sys.exit()
        if not os.fork():
            line.close()
            module, arguments, environment = json.loads(order)
            _fork_and_report(files)
            os.environ.clear()
            os.environ.update(environment)
            return module, arguments
        for file in files:
            os.close(file)


def _fork_and_report(files: list[int]) -> None:
    """Returns in a process that has these files; its parent says how it ended, and ends, too."""
    *standard, report = files
    pid = os.fork()
    if not pid:
        for number, file in enumerate(standard):
            os.dup2(file, number)
    for file in standard:
        os.close(file)
    if pid:
        os.write(report, f"{pid}\n".encode())
        _, status = os.waitpid(pid, 0)
        os.write(report, str(os.waitstatus_to_exitcode(status)).encode())
        os._exit(0)
    os.close(report)


def main(arguments: Sequence[str]) -> int:
    """Be asked for programs, or be one of them."""
    number, *modules = arguments
    for module in modules:
        importlib.import_module(module)
    gc.freeze()
    module, given = _wait_to_be_started(socket.socket(fileno=int(number)))
    return importlib.import_module(module).main(given)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
