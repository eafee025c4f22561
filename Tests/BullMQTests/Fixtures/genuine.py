"""Genuine BullMQ for the tests: one mode for each thing that another program does with a queue.

    genuine.py PORT QUEUE add JOBS            adds jobs: [{"name", "data", "opts"}]
    genuine.py PORT QUEUE work COUNT OPTIONS  runs attempts until COUNT of them have ended
    genuine.py PORT QUEUE events              all events so far
    genuine.py PORT QUEUE retry ID            Job.retry
    genuine.py PORT QUEUE pause | resume | counts

Each line of output is a JSON object. The data of a job says what the handler does: {"fails": n} fails the first n
attempts, {"hangs": true} never ends.
"""

import asyncio
import json
import sys
import time

from bullmq import Job, Queue, QueueEvents, Worker

port, name, mode, *rest = sys.argv[1:]
# redis-py 8 gives up after 5 s without an answer, which is how long a worker blocks.
connection = {"host": "127.0.0.1", "port": int(port), "socket_timeout": 60}
now = lambda: time.time() * 1000


def say(**line):
    print(json.dumps(line), flush=True)


async def add(queue):
    jobs = await queue.addBulk(json.loads(rest[0]))
    say(ids=[job.id for job in jobs])


async def work():
    left, done = int(rest[0]), asyncio.Event()

    def ended(job, outcome, error=None):
        nonlocal left
        say(did=outcome, id=job.id, error=str(error) if error else None)
        left -= 1
        if left == 0:
            done.set()

    async def handle(job, token):
        data = job.data
        say(ran=job.id, name=job.name, data=json.dumps(data), opts=json.dumps(job.opts), attempt=job.attemptsMade + 1,
            at=now())
        if isinstance(data, dict) and data.get("hangs"):
            await asyncio.sleep(3600)
        if isinstance(data, dict) and job.attemptsMade < data.get("fails", 0):
            raise Exception("no luck")
        return {"done": job.id}

    worker = Worker(name, handle, {"connection": connection, "drainDelay": 1, **json.loads(rest[1])})
    worker.on("completed", lambda job, result: ended(job, "completed"))
    worker.on("failed", lambda job, error: ended(job, "failed", error))
    worker.on("stalled", lambda id: say(did="stalled", id=id))
    say(ready=True)
    await done.wait()
    await worker.close()


async def events():
    queue_events = QueueEvents(name, {"connection": connection, "lastEventId": "0-0", "blockingTimeout": 200,
                                      "autorun": False})
    last = now()

    def listen(event):
        def heard(*arguments):
            nonlocal last
            last = now()
            details = arguments[0] if arguments and isinstance(arguments[0], dict) else {}
            say(event=event, id=str(details.get("jobId", "")))

        queue_events.on(event, heard)

    for event in ("added", "waiting", "delayed", "active", "completed", "failed", "stalled", "drained", "duplicated",
                  "paused", "resumed", "removed", "retries-exhausted"):
        listen(event)
    running = asyncio.ensure_future(queue_events.run())
    while now() - last < 500:
        await asyncio.sleep(0.05)
    await queue_events.close()
    running.cancel()


async def main():
    if mode == "work":
        return await work()
    if mode == "events":
        return await events()
    queue = Queue(name, {"connection": connection})
    if mode == "add":
        await add(queue)
    elif mode == "retry":
        job = await Job.fromId(queue, rest[0])
        await job.retry("failed")
    elif mode == "pause":
        await queue.pause()
    elif mode == "resume":
        await queue.resume()
    elif mode == "counts":
        say(counts=await queue.getJobCounts())
    await queue.close()


asyncio.run(main())
