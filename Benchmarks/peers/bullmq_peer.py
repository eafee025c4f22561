"""BullMQ for Python beside ours.

    bullmq_peer.py SOCKET QUEUE add SECONDS BATCH       adds jobs for some seconds
    bullmq_peer.py SOCKET QUEUE work COUNT CONCURRENCY  runs jobs that do nothing

Prints how many jobs it was and the seconds that they took.
"""

import asyncio
import sys
import time
from uuid import uuid4

from bullmq import Queue, Worker

socket, name, mode, amount, size = sys.argv[1:]
connection = f"unix://{socket}?socket_timeout=60"
data = {"eventId": "", "type": "InvoiceCreated", "payload": {"note": "x" * 500}, "metadata": {}}
options = {"attempts": 3, "backoff": {"type": "exponential", "delay": 1000}, "removeOnComplete": {"age": 86400}}


async def add():
    queue = Queue(name, {"connection": connection})
    count, start = 0, time.perf_counter()
    while time.perf_counter() < start + float(amount):
        ids = [str(uuid4()) for _ in range(int(size))]
        await queue.addBulk(
            [{"name": "InvoiceCreated", "data": {**data, "eventId": id}, "opts": {**options, "jobId": id}} for id in ids])
        count += len(ids)
    print(count, time.perf_counter() - start)
    await queue.close()


async def work():
    left, done = int(amount), asyncio.Event()

    async def handle(job, token):
        return None

    def completed(job, result):
        nonlocal left
        left -= 1
        if left == 0:
            done.set()

    start = time.perf_counter()
    worker = Worker(name, handle, {"connection": connection, "concurrency": int(size)})
    worker.on("completed", completed)
    await done.wait()
    print(amount, time.perf_counter() - start)
    await worker.close()


asyncio.run(add() if mode == "add" else work())
