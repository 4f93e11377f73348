"""A working day: 200 staff at once, each with a page open that listens, asking for 150 pages a second between them."""

import http.client
import json
import queue
import random
import selectors
import socket
import threading
import time

from console import Browser, Console, PORT, Worker, command
from tools import percentile, psql, say

STAFF = 200
RATE = 150
THREADS = 24
SECONDS = 30
LONG_SECONDS = 1_800
WARM_UP_SECONDS = 5
FLAT_MB = 2


class Crowd:
    def __init__(self, report, is_long):
        self.report = report
        self.is_long = is_long
        self.seconds = LONG_SECONDS if is_long else SECONDS

    def work(self):
        say(f"{STAFF} staff at work")
        for number in range(STAFF):
            command("staff", "add", f"crowd{number}@ethico.example", "--preset", "support")
        console, worker = Console(), Worker()
        streams = None
        try:
            desks = self._arrive()
            streams = Streams(desks)
            self._measure(desks, console)
            self.report.add("streams open at the end", streams.count_open(), "", at_least=STAFF)
        finally:
            if streams:
                streams.close()
            worker.stop()
            console.stop()

    @staticmethod
    def _arrive():
        slugs = [row[0] for row in psql(
            "SELECT slug FROM tenant_directory t WHERE status = 'live' AND EXISTS "
            f"(SELECT FROM \"case\" c WHERE c.tenant_id = t.tenant_id) ORDER BY md5(slug) LIMIT {STAFF}")]
        return [Desk(f"crowd{number}@ethico.example", slugs[number % len(slugs)]) for number in range(STAFF)]

    def _measure(self, desks, console):
        self._ask(desks, WARM_UP_SECONDS)
        before, _ = console.memory_mb()
        times = self._ask(desks, self.seconds // 2)
        middle, _ = console.memory_mb()
        times += self._ask(desks, self.seconds // 2)
        after, most = console.memory_mb()
        asked = f"{len(times):,} pages in {self.seconds} s"
        self.report.add("crowd: p95", percentile(times, 95), "ms", at_most=150,
                        baseline=f"{asked}, p50 {percentile(times, 50):.1f} ms")
        self.report.add("crowd: p99", percentile(times, 99), "ms", at_most=400)
        self.report.add("crowd: memory", after, "MB", baseline=f"{before:.0f} MB before, at most {most:.0f} MB")
        # Flat: what the second half adds is noise.
        self.report.add("crowd: memory, second half", after - middle, "MB", at_most=FLAT_MB if self.is_long else None)

    @staticmethod
    def _ask(desks, seconds):
        """Pages at a steady rate, whether or not the one before has come: what waits counts as waiting."""
        chance = random.Random(1)
        waiting, times, failures = queue.Queue(), [], []

        def ask():
            while (task := waiting.get()) is not None:
                due, desk = task
                time.sleep(max(0, due - time.perf_counter()))
                try:
                    desk.ask(chance)
                    times.append((time.perf_counter() - due) * 1000)
                except (OSError, http.client.HTTPException, SystemExit) as error:
                    failures.append(error)

        start = time.perf_counter() + 0.1
        for number in range(RATE * seconds):
            waiting.put((start + number / RATE, desks[number % len(desks)]))
        threads = [threading.Thread(target=ask) for _ in range(THREADS)]
        for _ in threads:
            waiting.put(None)
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failures:
            raise SystemExit(f"{len(failures)} pages failed, the first with: {failures[0]}")
        return times


class Desk:
    """A person inside one client, who looks at its pages and now and then writes a note."""

    def __init__(self, email, slug):
        self.browser = Browser().sign_in(email)
        self.workspace = self.browser.enter(slug)
        self.lock = threading.Lock()
        items = json.loads(self.browser.get(self.workspace + "cases", "application/json").body)["items"]
        self.cases = [f"{self.workspace}cases/{item['id']}" for item in items]

    def ask(self, chance):
        with self.lock:
            draw = chance.random()
            case = chance.choice(self.cases)
            if draw < 0.05:
                self.browser.post(case + "/notes", {"body": "A note of somebody at work.", "visibility": "all"})
            elif draw < 0.35:
                self.browser.get(case)
            else:
                self.browser.get(chance.choice(
                    [self.workspace + "cases", self.workspace, self.workspace + "people", "/", "/tenants?q=health"]))


class Streams:
    """The stream of each person's page, read by one thread as it comes."""

    def __init__(self, desks):
        self.selector = selectors.DefaultSelector()
        for desk in desks:
            stream = socket.create_connection(("127.0.0.1", PORT))
            path = desk.workspace + "live"
            stream.sendall((f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\nCookie: {desk.browser.cookie}\r\n"
                            "Accept: text/event-stream\r\nSec-Fetch-Site: same-origin\r\n\r\n").encode())
            self.selector.register(stream, selectors.EVENT_READ)
        self.is_closing = threading.Event()
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self):
        while not self.is_closing.is_set():
            for key, _ in self.selector.select(timeout=0.2):
                if not key.fileobj.recv(65_536):
                    self.selector.unregister(key.fileobj)
                    key.fileobj.close()

    def count_open(self):
        return len(self.selector.get_map())

    def close(self):
        self.is_closing.set()
        self.reader.join()
        for key in list(self.selector.get_map().values()):
            key.fileobj.close()
        self.selector.close()
