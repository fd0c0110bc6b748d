"""What the egress proxy costs: throughput, time and CPU for each request, against a direct connection.

    python -m benchmarks.egress_cost

The web server and the client run in a process of their own, so the CPU time is the proxy's alone. Direct and proxied
rounds alternate, and each figure is a median.
"""

import asyncio
import multiprocessing
import statistics
import time

from benchmarks.egress_cost.client import BULK_MB, REQUESTS, run_client
from cynthia_pipeline.browser.egress import EgressPolicy, EgressProxy

ROUNDS = 7


async def main() -> None:
    """Prints the table."""
    pipe, theirs = multiprocessing.Pipe()
    worker = multiprocessing.get_context("spawn").Process(target=run_client, args=(theirs,), daemon=True)
    worker.start()
    await asyncio.to_thread(pipe.recv)
    found: dict[tuple[str, str], list[tuple[float, float]]] = {}
    async with EgressProxy(EgressPolicy.allowing(["127.0.0.1"])) as proxy:
        with proxy.admit() as passage:
            proxy_port = int(proxy.url.rpartition(":")[2])
            for _ in range(ROUNDS):
                for path in ("/bulk", "/small"):
                    for way in ("direct", "http", "tunnel"):
                        cpu = time.process_time()
                        pipe.send((way, path, proxy_port, passage.authorization))
                        wall_s = await asyncio.to_thread(pipe.recv)
                        found.setdefault((path, way), []).append((wall_s, time.process_time() - cpu))
    pipe.send(None)
    for (path, way), samples in found.items():
        wall_s, cpu_s = (statistics.median(column) for column in zip(*samples, strict=True))
        if path == "/bulk":
            print(f"{way:7} {BULK_MB / wall_s:7.0f} MB/s   proxy CPU {cpu_s * 1000 / BULK_MB:6.2f} ms/MB")
        else:
            each_ms, cpu_ms = wall_s * 1000 / REQUESTS, cpu_s * 1000 / REQUESTS
            print(f"{way:7} {each_ms:7.2f} ms/request of 20 kB   proxy CPU {cpu_ms:6.2f} ms")


if __name__ == "__main__":
    asyncio.run(main())
