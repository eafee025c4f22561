"""Appends events with the library `eventsourcing` and its PostgreSQL recorder, one new aggregate a save.

Prints how many events were appended, the seconds that it took, and the latency of each save in microseconds.
"""

import argparse
import os
import threading
import time
from uuid import uuid4

parser = argparse.ArgumentParser()
parser.add_argument("--host", required=True)
parser.add_argument("--port", required=True)
parser.add_argument("--user", required=True)
parser.add_argument("--database", required=True)
parser.add_argument("--threads", type=int, required=True)
parser.add_argument("--seconds", type=float, required=True)
options = parser.parse_args()

os.environ.update(
    PERSISTENCE_MODULE="eventsourcing.postgres",
    POSTGRES_DBNAME=options.database,
    POSTGRES_HOST=options.host,
    POSTGRES_PORT=options.port,
    POSTGRES_USER=options.user,
    POSTGRES_PASSWORD="",
    POSTGRES_POOL_SIZE=str(options.threads),
    POSTGRES_MAX_OVERFLOW="0",
    POSTGRES_SCHEMA="public",
)

from eventsourcing.application import Application  # noqa: E402 (reads the environment)
from eventsourcing.domain import Aggregate, event  # noqa: E402


class Invoice(Aggregate):
    @event("Created")
    def __init__(self, customer: str, currency: str, net: int, note: str) -> None:
        self.customer = customer
        self.currency = currency
        self.net = net
        self.note = note


application: Application = Application()
note = "x" * 400
latencies: list[list[int]] = [[] for _ in range(options.threads)]
failures: list[BaseException] = []


def append(into: list[int], until: float) -> None:
    try:
        while (start := time.perf_counter()) < until:
            application.save(Invoice(f"ACME {uuid4()}", "EUR", 12500, note))
            into.append(round((time.perf_counter() - start) * 1e6))
    except BaseException as failure:
        failures.append(failure)


application.save(Invoice("to connect", "EUR", 1, note))
start = time.perf_counter()
threads = [threading.Thread(target=append, args=(into, start + options.seconds)) for into in latencies]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
elapsed = time.perf_counter() - start
if failures:
    raise failures[0]
print(sum(map(len, latencies)), elapsed)
print(*(latency for each in latencies for latency in each))
