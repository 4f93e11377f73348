"""Databases for the tests: one seeded template in the cluster that bin/test starts, a copy for each who needs one."""

import os
import shlex
import subprocess


class Cluster:
    """A PostgreSQL cluster, reached as its superuser."""

    def __init__(self, conninfo: str, repo: str):
        self.parameters = dict(word.split("=", 1) for word in shlex.split(conninfo))
        self.repo = repo
        self.made: list[str] = []

    def conninfo(self, database: str, user: str | None = None) -> str:
        """With a user for psql, without one for the program, whose pools log in as their roles."""
        words = {name: value for name, value in self.parameters.items() if name in ("host", "port")}
        if user:
            words["user"] = user
        words["dbname"] = database
        return " ".join(f"{name}={value}" for name, value in words.items())

    def psql(self, sql: str, database: str = "postgres") -> str:
        """Runs statements as superuser; the rows, one a line."""
        return self._psql(database, "--command", sql)

    def prepare_roles(self) -> None:
        known = self.psql("SELECT count(*) FROM pg_roles WHERE rolname IN ('ethico_owner', 'console_tenant')")
        if known.strip() != "2":
            self._psql("postgres", "--file", f"{self.repo}/db/roles.sql")

    def create(self, name: str, template: str = "template0") -> str:
        """A new database; from a template of ours it is a copy of the files, which takes a tenth of a second."""
        name = f"{name}_{os.getpid()}"
        how = "ENCODING 'UTF8' LOCALE 'C.UTF-8'" if template == "template0" else "STRATEGY file_copy"
        self.psql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self.psql(f"CREATE DATABASE {name} OWNER ethico_owner TEMPLATE {template} {how}")
        self.made.append(name)
        return name

    def drop_all(self) -> None:
        for name in reversed(self.made):
            self.psql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _psql(self, database: str, *arguments: str) -> str:
        user = self.parameters.get("user", "postgres")
        command = ["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"]
        done = subprocess.run(
            [*command, "--dbname", self.conninfo(database, user), *arguments],
            capture_output=True, text=True, env={**os.environ, "PGOPTIONS": "--client-min-messages=warning"}, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout
