"""A genuine BullMQ worker on the PostgreSQL backend.

    postgres_worker.py migrate CONNINFO
    postgres_worker.py work CONNINFO QUEUE COUNT

`work` prints a line of JSON for each job that it has taken, and ends when COUNT of them have succeeded. A job whose payload
has a member "failures" fails so many times first.
"""

import asyncio
import json
import sys

import psycopg
from bullmq import Worker
from bullmq.backends.postgres_connection import run_migrations


async def migrate(conninfo):
    connection = await psycopg.AsyncConnection.connect(conninfo, autocommit=False)
    await run_migrations(connection)
    await connection.close()


async def work(conninfo, queue, count):
    done = asyncio.Event()
    succeeded = 0

    async def process(job, token):
        nonlocal succeeded
        print(json.dumps({"id": job.id, "name": job.name, "attempt": job.attemptsMade + 1, "data": job.data}), flush=True)
        payload = job.data.get("payload")
        if isinstance(payload, dict) and payload.get("failures", 0) > job.attemptsMade:
            raise RuntimeError("it is to fail")
        succeeded += 1
        if succeeded == count:
            done.set()

    worker = Worker(queue, process, {"connection": conninfo, "backend": "postgres"})
    await done.wait()
    await worker.close()


if sys.argv[1] == "migrate":
    asyncio.run(migrate(sys.argv[2]))
else:
    asyncio.run(work(sys.argv[2], sys.argv[3], int(sys.argv[4])))
