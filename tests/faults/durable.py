"""A PostgreSQL cluster that keeps what it acknowledges, unlike the one of the other tests: made by the commands of bin/,
restarted, crashed and thrown away by this suite."""

import subprocess
from pathlib import Path

from ops_database import Cluster

RESTART_SECONDS = 90


class DurableCluster(Cluster):
    def __init__(self, repo: str, sibling: str):
        """`sibling` is the home of the run's other cluster: where its run ends, this one too is an abandoned one."""
        self.repo = repo
        self.home = self._command("new_cluster_home ethico-test").strip()
        if (run := Path(sibling, "run")).exists():
            Path(self.home, "run").write_text(run.read_text())
        self._command(f"start_cluster {self.home} durable")
        super().__init__(f"host={self.home} port=5432 user=postgres dbname=postgres", repo)
        self.prepare_roles()
        # After a crash a server syncs its whole folder first: in one call, or one for each of thousands of files.
        self.psql("ALTER SYSTEM SET recovery_init_sync_method = 'syncfs'")
        self.psql("SELECT pg_reload_conf()")
        settings = [self.psql(f"SHOW {name}").strip() for name in ("fsync", "synchronous_commit", "full_page_writes")]
        assert settings == ["on"] * 3, "a cluster that may lose what it acknowledged proves nothing here"

    def restart(self, mode: str) -> None:
        """Returns when the server takes connections again."""
        self._command(f"restart_cluster {self.home} {mode}")

    def drop(self) -> None:
        self._command(f"drop_cluster {self.home}")

    def _command(self, command: str) -> str:
        script = f"source {self.repo}/bin/env; source {self.repo}/bin/lib/cluster.sh; {command}"
        done = subprocess.run(
            ["bash", "-c", script], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=RESTART_SECONDS)
        assert done.returncode == 0, f"{command}: {done.stderr}"
        return done.stdout
