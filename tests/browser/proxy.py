"""The nginx of deploy/, on loopback: the same file, with the addresses, names and keys of this run."""

import subprocess
import time
from pathlib import Path

from ops_server import free_port

# The browser is 127.0.0.1 and asks 127.0.0.2; the console sees its proxy as 127.0.0.3.
ADDRESS = "127.0.0.2"
PROXY = "127.0.0.3"
NGINX = "/usr/sbin/nginx"
START_SECONDS = 10


class Proxy:
    def __init__(self, repo: str, folder: Path):
        self.folder = folder
        self.source = Path(repo, "deploy/nginx/ops-console.conf").read_text()
        self.port = free_port()
        self.origin = f"https://{ADDRESS}:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def configure(self, *ports: int, allowed: str = "127.0.0.1/32") -> None:
        """Before those instances; `allowed` is the VPN."""
        self._make_certificate()
        first, second = ports
        site = self._with(
            ("listen 443 ssl http2", f"listen {ADDRESS}:{self.port} ssl http2"),
            ("server_name ops.ethico.example", f"server_name {ADDRESS}"),
            ("/etc/ops-console/tls/fullchain.pem", f"{self.folder}/cert.pem"),
            ("/etc/ops-console/tls/privkey.pem", f"{self.folder}/key.pem"),
            ("allow 10.8.0.0/16", f"allow {allowed}"),
            ("server 127.0.0.1:8400", f"server 127.0.0.1:{first}"),
            ("server 127.0.0.1:8402", f"server 127.0.0.1:{second}"),
            ("proxy_http_version 1.1;", f"proxy_http_version 1.1;\n        proxy_bind {PROXY};"))
        temporary = "\n".join(
            f"    {name}_temp_path {self.folder}/{name};"
            for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        self.file.write_text(
            f"pid {self.folder}/pid;\nerror_log {self.folder}/error.log;\ndaemon off;\nmaster_process off;\n"
            f"events {{ }}\nhttp {{\n    access_log off;\n{temporary}\n{site}\n}}\n")

    @property
    def file(self) -> Path:
        return self.folder / "nginx.conf"

    def check(self) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [NGINX, "-t", "-c", str(self.file), "-e", "stderr"], capture_output=True, text=True, timeout=30)

    def start(self) -> "Proxy":
        self.process = subprocess.Popen([NGINX, "-c", str(self.file), "-e", "stderr"], stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + START_SECONDS
        while not (self.folder / "pid").exists():
            assert self.process.poll() is None and time.monotonic() < deadline, "nginx did not start"
            time.sleep(0.05)
        return self

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(START_SECONDS)

    def _with(self, *changes: tuple[str, str]) -> str:
        """Every one of them is there to be changed, or the file is no longer what is tested."""
        text = self.source
        for old, new in changes:
            assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in deploy/nginx/ops-console.conf"
            text = text.replace(old, new)
        return text

    def _make_certificate(self) -> None:
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1",
             "-subj", "/CN=ops.test", "-addext", f"subjectAltName=IP:{ADDRESS}", "-keyout", f"{self.folder}/key.pem",
             "-out", f"{self.folder}/cert.pem"],
            check=True, capture_output=True, timeout=30)
