"""The console under measurement: its process, a browser's requests to it, and what a process holds in memory."""

import atexit
import http.client
import json
import os
import subprocess
import time
import urllib.parse

from tools import run

PROGRAM = os.environ["BENCH_CONSOLE"]
PORT = int(os.environ["OPS_PORT"])
HEALTH_PORT = int(os.environ["OPS_HEALTH_PORT"])
ORIGIN = f"http://127.0.0.1:{PORT}"
PATIENCE_SECONDS = 60


class Console:
    """`ops-console serve`, from its start to its end."""

    def __init__(self):
        started = time.perf_counter()
        with open(os.environ["BENCH_LOG"], "ab") as log:
            self.process = subprocess.Popen([PROGRAM, "serve"], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        # However the benchmark ends, its server does too.
        atexit.register(self.stop)
        while not self._answers():
            if self.process.poll() is not None or time.perf_counter() - started > PATIENCE_SECONDS:
                raise SystemExit(f"The console did not start; its log is {os.environ['BENCH_LOG']}.")
            time.sleep(0.005)
        self.start_seconds = time.perf_counter() - started

    @staticmethod
    def _answers():
        try:
            return Browser().get("/sign-in").status == 200
        except OSError:
            return False

    def memory_mb(self):
        """Resident now, and at most so far."""
        return memory_mb(self.process.pid)

    def stop(self):
        atexit.unregister(self.stop)
        end(self.process)


class Worker:
    """`ops-console work`, from its start to its end."""

    def __init__(self):
        with open(os.environ["BENCH_LOG"], "ab") as log:
            self.process = subprocess.Popen([PROGRAM, "work"], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            env=os.environ | {"OPS_JOB_LANES": "2"})
        atexit.register(self.stop)

    def stop(self):
        atexit.unregister(self.stop)
        end(self.process)


def end(process):
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Browser:
    """One connection, with a sign-in once there is one."""

    def __init__(self):
        self.connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
        self.cookie = None
        self.csrf = None

    def sign_in(self, email):
        answer = self.post("/demo/sign-in", {"staff": email}, accept="application/json")
        self.cookie = answer.headers["Set-Cookie"].split(";")[0]
        self.csrf = json.loads(answer.body)["csrf"]
        return self

    def get(self, path, accept="text/html"):
        return self._ask("GET", path, None, accept)

    def post(self, path, fields, accept="text/html"):
        fields = fields | ({"_csrf": self.csrf} if self.csrf else {})
        return self._ask("POST", path, urllib.parse.urlencode(fields, doseq=True), accept)

    def _ask(self, method, path, body, accept):
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
        return self.ask(method, path, headers | {"Accept": accept}, body)

    def ask(self, method, path, headers, body=None):
        """A request with headers of its own, as a page's script sends it."""
        headers = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"} | headers
        if self.csrf:
            headers["Ops-Csrf"] = self.csrf
        if self.cookie:
            headers["Cookie"] = self.cookie
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        except http.client.RemoteDisconnected:
            # A connection that was idle while a job worked may have been given up: nothing was sent twice.
            self.connection.close()
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        answer.body = answer.read()
        if answer.status >= 400:
            raise SystemExit(f"{method} {path} answered {answer.status}.")
        return answer

    def enter(self, slug):
        """Enters a client; the path of its workspace, ending in a slash."""
        return self.post(f"/t/{slug}/enter", {}).headers["Location"]


def memory_mb(pid):
    """VmRSS and VmHWM [proc(5)]."""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        fields = dict(line.split(":", 1) for line in status)
    return tuple(int(fields[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))


def command(*words):
    """Runs one of the program's commands; its output and how long it took."""
    started = time.perf_counter()
    output = run([PROGRAM, *words])
    return output, time.perf_counter() - started
