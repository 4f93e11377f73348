"""A client's data on its way over, by the forms of its pages over plain HTTP; a worker has to be about."""

import time
from collections.abc import Callable
from typing import TypeVar

from wire import Answer, Visitor

BOUNDARY = "----boundary"
EXPORT = """case_number,status,reporter_type,channel,received_at,category,severity,title,summary
EP-1,New,anonymous,Hotline,2020-01-17T09:00:00Z,Harassment,High,Remarks,Nobody had counted the pallets.
EP-2,Closed - Substantiated,identified,Hotline,2020-02-17T09:00:00Z,Fraud,Low,Invoices,Two invoices for one delivery.
EP-3,New,anonymous,Hotline,no day,Harassment,High,Remarks again,The same was said a week later.
"""
PATIENCE_SECONDS = 60

Found = TypeVar("Found")


class ClientMove:
    """Somebody who may, at one client."""

    def __init__(self, visitor: Visitor, client: str):
        self.visitor = visitor
        self.client = client
        self.home = f"/t/{client}/migration"

    def choose(self) -> None:
        scope = {"choice[]": "case", "decided_by": "N. Berg"}
        assert self.visitor.send(self.visitor.form(f"{self.home}/scope", "/scope"), scope).status == 303

    def check(self, prefix: str, export: str = EXPORT, kept: tuple[str, ...] = ()) -> str:
        """Uploads cases with numbers of their own, settles the columns and has the rows checked; the batch's page.
        Columns that are `kept` stay beside the record under their own name; all others become what they are called."""
        before = self._batches()
        assert self.upload(f"{self.home}/files", self.visitor.form(self.home, "/files").fields, f"{prefix}.csv",
                           export.replace("EP", prefix)).status == 303
        batch = until(lambda: self._batches() - before).pop()
        page = f"{self.home}/batches/{batch}"
        until(lambda: self.state(page) == "profiled")
        mapper = self.visitor.json(f"{page}/map")
        fields = {"version": str(mapper["version"]), "then": "check"}
        for column in mapper["columns"]:
            target = "=keep" if column["name"] in kept else column["name"]
            fields |= {f"c{column['index']}.target": target, f"c{column['index']}.ok": "true"}
        assert self.visitor.send(self.visitor.form(f"{page}/map", "/map"), fields).status == 303
        until(lambda: self.state(page) == "validated")
        return page

    def commit(self, batch: str) -> None:
        assert self.visitor.send(self.visitor.form(batch, "/commit"), {"slug": self.client}).status == 303
        until(lambda: self.state(batch) == "committed")

    def upload(self, address: str, fields: dict[str, str], name: str, text: str) -> Answer:
        parts = "".join(f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
                        for name, value in fields.items() if name != "file")
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = (parts + head + text + f"\r\n--{BOUNDARY}--\r\n").encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        return self.visitor.ask("POST", address, body, headers=headers)

    def state(self, batch: str) -> str:
        return self.visitor.json(batch)["batch"]["state"]

    def _batches(self) -> set[str]:
        return {batch["id"] for batch in self.visitor.json(self.home)["batches"]}


def until(look: Callable[[], Found]) -> Found:
    """What is there as soon as the worker has made it."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (found := look()):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return found
