"""The built program: its commands, and a server that is started, asked whether it is well, and stopped or killed."""

import http.client
import os
import re
import signal
import socket
import subprocess
import time
from pathlib import Path

START_SECONDS = 30
STOP_SECONDS = 20
MEASURED_SECONDS = 10


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Program:
    """ops-console on one database, with settings of its own and none of whoever runs the tests."""

    def __init__(self, repo: str, binary: str, conninfo: str, **settings: str):
        foreign = {name: value for name, value in os.environ.items() if not name.startswith(("OPS_", "PG"))}
        self.binary = binary
        self.settings = {
            "OPS_ENV": "demo",
            "OPS_DEMO": "1",
            "OPS_SESSION_KEY": "5c" * 32,
            "OPS_FILE_KEY": "6d" * 32,
            "OPS_TICKET_KEYS": "z1:0123456789abcdef0123456789abcdef",
            "OPS_PUBLIC": f"{repo}/apps/ops-console/Public",
            "OPS_MIGRATIONS": f"{repo}/db/migrations",
            "OPS_DATABASE": conninfo,
            # All tests share a few people, who do more in a minute than a person would.
            "OPS_RATE_ACCESS_STARTS": "1000000",
            "OPS_RATE_SEARCHES": "1000000",
            **settings,
        }
        self.environment = {**foreign, **{name: value for name, value in self.settings.items() if value}}

    def run(self, *arguments: str, seconds: int = 120) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.binary, *arguments], env=self.environment, capture_output=True, text=True, timeout=seconds)

    def do(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert done.returncode == 0, f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def assert_intact(self) -> None:
        verified = self.run("audit", "verify")
        assert verified.returncode == 0, verified.stdout + verified.stderr


class Server:
    """`ops-console serve` on free ports of loopback."""

    running: list["Server"] = []

    def __init__(self, program: Program, log: Path):
        self.port, self.health_port = free_port(), free_port()
        self.origin = f"http://127.0.0.1:{self.port}"
        self.program = program
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Server":
        environment = {
            **self.program.environment, "OPS_PORT": str(self.port), "OPS_HEALTH_PORT": str(self.health_port)}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [self.program.binary, "serve"], env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        Server.running.append(self)
        deadline = time.monotonic() + START_SECONDS
        while not self._is_well():
            assert self.process.poll() is None, f"the server ended at its start:\n{self.tail()}"
            assert time.monotonic() < deadline, f"the server does not answer:\n{self.tail()}"
            time.sleep(0.05)
        return self

    def stop(self) -> None:
        """As systemd does it: it has to end in time and well."""
        if self.process is None:
            return
        process, self.process = self.process, None
        Server.running.remove(self)
        process.send_signal(signal.SIGTERM)
        try:
            status = process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError(f"the server did not stop in {STOP_SECONDS} s:\n{self.tail()}") from None
        assert status == 0, f"the server stopped with status {status}:\n{self.tail()}"

    def kill(self) -> None:
        process, self.process = self.process, None
        Server.running.remove(self)
        process.kill()
        process.wait(STOP_SECONDS)

    def measurements(self) -> dict[str, float]:
        """Each series by its name and labels, as Prometheus reads them."""
        connection = http.client.HTTPConnection("127.0.0.1", self.health_port, timeout=5)
        connection.request("GET", "/metrics")
        text = connection.getresponse().read().decode()
        connection.close()
        return {name: float(value) for name, value in re.findall(r"^([^#\n].*) (\S+)$", text, re.MULTILINE)}

    def wait_for(self, series: str, value: float) -> None:
        """Until that is what is measured."""
        deadline = time.monotonic() + MEASURED_SECONDS
        while (now := self.measurements()[series]) != value:
            assert time.monotonic() < deadline, f"{series} is {now}"
            time.sleep(0.05)

    def tail(self, lines: int = 6) -> str:
        """What it said last that was neither a request nor meant to be read on a good day."""
        said = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return "\n".join([line for line in said if '"level":"info"' not in line][-lines:])

    def _is_well(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.health_port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()
