"""A process that asks the site of one source tree for pages and tells what each cost; `page_cost.py` starts it.

It knows addresses, accounts and names of models only, so that it runs under sources older than itself: the tree is the
working folder and PYTHONPATH, its data are in DATA_DIR. It first prints the keys that stand in addresses; then it
answers each line of standard input, `{"account": …, "address": …}`, with a line of what that request took; a line
`{"account": …, "address": …, "follow": true}` with the pages that links lead to from there.
"""

import io
import json
import re
import sys
import time
import zipfile
from collections import deque
from html import unescape
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import django
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import Resolver404, resolve

CLASSES = {
    "to_enrol": "TC-LLCT-2016-1",
    "to_approve": "TH-A-2016-1",
    "running": "TC-LLCT-2015-3",
    "ended": "QLNN-CS-2015-2",
}


def begin() -> None:
    """Become what a web process is, on tables as autovacuum leaves them."""
    django.setup()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    connection.close()
    import_module("lao_cai_training.wsgi")  # takes on the role of the web process
    # The time of a parallel worker would not be seen here; at the size of a province there is none to speak of.
    connection.settings_dict["OPTIONS"]["options"] += " -c max_parallel_workers_per_gather=0"


def client_of(account: str) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.force_login(apps.get_model("cadres", "User").objects.get(username=account))
    return client


def keys() -> dict[str, int]:
    """What stands in the addresses: keys of the same class, person … of the demonstration, whatever the tree."""
    found = {
        name: apps.get_model("courses", "TrainingClass").objects.get(code=code).pk for name, code in CLASSES.items()
    }
    submissions = apps.get_model("courses", "DistrictSubmission").objects
    submission = submissions.filter(state="submitted").order_by("pk").first()
    page = client_of("so-noi-vu").get("/can-bo/?huyen=085").content.decode()
    person = re.search(r'href="/can-bo/(\d+)/', page)
    assert person is not None
    return found | {
        "campaign": submission.campaign_id,
        "submission": submission.pk,
        "plan": apps.get_model("courses", "TrainingPlan").objects.get(year=2016).pk,
        "person": int(person[1]),
    }


def postgres_seconds() -> float:
    """The CPU that the backend of this process's connection has taken; the first figure there is in nanoseconds."""
    connection.ensure_connection()
    backend = connection.connection.get_backend_pid()
    return int(Path(f"/proc/{backend}/schedstat").read_text().split()[0]) / 1e9


def yardstick() -> float:
    """The seconds of CPU of the same small work each time: more of them while others slow this processor down."""
    began = time.process_time()
    for _ in range(60_000):
        pass
    return time.process_time() - began


def ask(client: Client, address: str) -> dict[str, Any]:
    """Seconds of CPU in Python and in PostgreSQL, and the number of queries, of one request; and of the small work
    that is done before and after it, the slower time."""
    queries = 0

    def count(execute: Any, *arguments: Any) -> Any:
        nonlocal queries
        queries += 1
        return execute(*arguments)

    before = yardstick()
    with connection.execute_wrapper(count):
        postgres, python = postgres_seconds(), time.process_time()
        answer = client.get(address)
        python, postgres = time.process_time() - python, postgres_seconds() - postgres
    told = {"python": python, "postgres": postgres, "queries": queries, "yardstick": max(before, yardstick())}
    return {"status": answer.status_code} | told


def taken(answer: dict[str, Any]) -> float:
    """Seconds of CPU of a request of which `ask` has told."""
    return answer["python"] + answer["postgres"]


def least_disturbed(answers: list[dict[str, Any]], number: int) -> list[dict[str, Any]]:
    """So many of what `ask` has told, of those that were made while the processor was least slowed down."""
    return sorted(answers, key=lambda answer: answer["yardstick"])[:number]


def rows_of(answer: Any) -> int:
    """How many rows the first sheet of a workbook that was answered has; 0 of anything else."""
    content = io.BytesIO(answer.getvalue())
    if not zipfile.is_zipfile(content):
        return 0
    with zipfile.ZipFile(content) as book:
        sheet = "xl/worksheets/sheet1.xml"
        return book.read(sheet).count(b"<row ") if sheet in book.namelist() else 0


LINK = re.compile(r'<a\b[^>]*?\shref="([^"#]+)')
AS_A_FILE = "tep="  # in the address of a list
LOOKED_AT = 3  # addresses of a kind; of a file one, since it costs most


def follow(client: Client, start: str) -> dict[str, dict[str, Any]]:
    """Kind of page (the name of its address) → of the first few addresses that links lead to, the dearest one.

    A page without a name is told by its route. What is not answered with 200 is among the `refused`.
    """
    found: dict[str, dict[str, Any]] = {}
    refused: dict[str, Any] = {}
    looked_at: dict[str, int] = {}
    waiting, known = deque([start]), {start}
    while waiting:
        address = waiting.popleft()
        try:
            place = resolve(urlsplit(address).path)
        except Resolver404:
            continue
        kind = place.view_name if place.url_name else place.route
        if AS_A_FILE in address:
            kind += ", file"
        if looked_at.get(kind, 0) >= LOOKED_AT or found.get(kind, {}).get("is_file"):
            continue
        looked_at[kind] = looked_at.get(kind, 0) + 1
        began = time.process_time()
        answer = client.get(address)
        is_file = "attachment" in answer.get("Content-Disposition", "")
        took = time.process_time() - began
        if answer.status_code != 200:
            refused[address] = answer.status_code
            continue
        if took > found.get(kind, {}).get("took", 0):
            rows = rows_of(answer) if is_file else 0
            found[kind] = {"address": address, "took": took, "is_file": is_file, "rows": rows}
        if is_file or answer.streaming:
            continue
        for link in LINK.findall(answer.content.decode()):
            to = urlsplit(urljoin(address, unescape(link)))
            if to.scheme or to.netloc or not to.path.startswith("/"):
                continue
            leads = to._replace(fragment="").geturl()
            if leads not in known:
                known.add(leads)
                waiting.append(leads)
    return {"found": found, "refused": refused}


def main() -> None:
    begin()
    # Each address in a session of its own, which goes on with the day that was last asked for there and nowhere else.
    clients: dict[tuple[str, str], Client] = {}
    print(json.dumps(keys()), flush=True)
    for line in sys.stdin:
        wanted = json.loads(line)
        account, address = wanted["account"], wanted["address"]
        if (account, address) not in clients:
            clients[account, address] = client_of(account)
        asked = follow if wanted.get("follow") else ask
        answer = asked(clients[account, address], address)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
