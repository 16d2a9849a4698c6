"""Many people on the dashboard at once, without browsers: raw WebSocket sessions, in a process of their own.

    python -m tests.bench.sessions load ADDRESS --sessions 40 --seconds 45
    python -m tests.bench.sessions hold ADDRESS --sessions 50 --step 10

The sign-in cookie is read from the environment (``BENCH_COOKIE``). Each prints how many sessions are open: ``load``
once, followed by the times of all reruns in seconds as JSON; ``hold`` after every ``step`` of them, then it waits for a
line.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

COOKIE_ENV = "BENCH_COOKIE"
THINK_SECONDS = 5.0
PATIENCE_SECONDS = 60
_SEED = 8501
# Two quarters in turn: every rerun draws another dashboard. The text proves that its last element came.
_QUARTERS = ((3, "sampai Triwulan III 2026"), (2, "sampai Triwulan II 2026"))


class Session:
    """One signed-in browser tab, as the server sees it."""

    def __init__(self, socket: ClientConnection, address: str) -> None:
        self._socket, self._address, self._runs = socket, address, 0

    async def rerun(self) -> float:
        """Ask for the whole page with the other quarter; seconds until the last message of the run is here."""
        quarter, expected = _QUARTERS[self._runs % len(_QUARTERS)]
        self._runs += 1
        started = time.perf_counter()
        await self._socket.send(self._question(f"tahun=2026&triwulan={quarter}"))
        async with asyncio.timeout(PATIENCE_SECONDS):
            complete = await self._answered(expected.encode())
        if not complete:
            raise AssertionError(f"the dashboard did not show: {expected}")
        return time.perf_counter() - started

    def _question(self, query: str) -> bytes:
        message = BackMsg()
        message.rerun_script.query_string = query
        context = message.rerun_script.context_info
        context.timezone, context.locale, context.url = "Asia/Jakarta", "id-ID", f"{self._address}/"
        return bytes(message.SerializeToString())

    async def _answered(self, expected: bytes) -> bool:
        """Read up to the end of the run; whether the expected text was in it."""
        found = False
        async for data in self._socket:
            found = found or expected in data
            message = ForwardMsg.FromString(data)
            if (
                message.WhichOneof("type") == "script_finished"
                and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
            ):
                return found
        raise AssertionError("the server closed the connection")


@asynccontextmanager
async def opened(address: str) -> AsyncIterator[Session]:
    """A session that has seen the dashboard."""
    uri = f"ws{address.removeprefix('http')}/_stcore/stream"
    headers = {"Cookie": os.environ[COOKIE_ENV]}
    async with connect(
        uri, subprotocols=["streamlit"], origin=address, additional_headers=headers, max_size=None, compression=None
    ) as socket:
        session = Session(socket, address)
        await session.rerun()
        yield session


async def load(address: str, sessions: int, seconds: float) -> list[float]:
    """Times of the reruns of so many people who each think about five seconds between two of them."""
    chance = random.Random(_SEED)
    async with AsyncExitStack() as stack:
        people = [await stack.enter_async_context(opened(address)) for _ in range(sessions)]
        end = time.monotonic() + seconds
        print(len(people), flush=True)
        thinking = [random.Random(chance.random()) for _ in people]
        times = await asyncio.gather(*(_use(p, end, r) for p, r in zip(people, thinking, strict=True)))
    return [value for own in times for value in own]


async def _use(session: Session, end: float, chance: random.Random) -> list[float]:
    times: list[float] = []
    await asyncio.sleep(chance.uniform(0, THINK_SECONDS))  # people do not begin at the same moment
    while time.monotonic() < end:
        times.append(await session.rerun())
        await asyncio.sleep(chance.uniform(0.5, 1.5) * THINK_SECONDS)
    return times


async def hold(address: str, sessions: int, step: int) -> None:
    async with AsyncExitStack() as stack:
        for number in range(1, sessions + 1):
            session = await stack.enter_async_context(opened(address))
            await session.rerun()
            if number % step == 0:
                print(number, flush=True)
                await asyncio.to_thread(sys.stdin.readline)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task", choices=("load", "hold"))
    parser.add_argument("address")
    parser.add_argument("--sessions", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=45)
    parser.add_argument("--step", type=int, default=10)
    chosen = parser.parse_args()
    if chosen.task == "load":
        print(json.dumps(asyncio.run(load(chosen.address, chosen.sessions, chosen.seconds))))
    else:
        asyncio.run(hold(chosen.address, chosen.sessions, chosen.step))


if __name__ == "__main__":
    main()
