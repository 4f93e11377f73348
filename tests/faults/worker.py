"""`ops-console work` in a process of its own, which may be killed."""

import subprocess
from pathlib import Path

from ops_server import Program

END_SECONDS = 20


class Worker:
    def __init__(self, program: Program, log: Path, *, lanes: int, queues: str):
        environment = {**program.environment, "OPS_JOB_LANES": str(lanes), "OPS_JOB_QUEUES": queues}
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                [program.binary, "work"], env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(END_SECONDS)

    def stop(self) -> None:
        self.process.terminate()
        assert self.process.wait(END_SECONDS) == 0
