"""A process that asks the site of one source tree for pages and tells what each cost; `page_cost.py` starts it.

It knows addresses, accounts and names of models only, so that it runs under sources older than itself: the tree is the
working folder and PYTHONPATH, its data are in DATA_DIR. It first prints the keys that stand in addresses; then it
answers each line of standard input, `{"account": …, "address": …}`, with a line of what that request took.
"""

import json
import re
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.db import connection
from django.test import Client

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


def ask(client: Client, address: str) -> dict[str, Any]:
    """Seconds of CPU in Python and in PostgreSQL, and the number of queries, of one request."""
    queries = 0

    def count(execute: Any, *arguments: Any) -> Any:
        nonlocal queries
        queries += 1
        return execute(*arguments)

    with connection.execute_wrapper(count):
        postgres, python = postgres_seconds(), time.process_time()
        answer = client.get(address)
        python, postgres = time.process_time() - python, postgres_seconds() - postgres
    return {"status": answer.status_code, "python": python, "postgres": postgres, "queries": queries}


def main() -> None:
    begin()
    clients: dict[str, Client] = {}
    print(json.dumps(keys()), flush=True)
    for line in sys.stdin:
        wanted = json.loads(line)
        account = wanted["account"]
        client = clients.setdefault(account, clients.get(account) or client_of(account))
        print(json.dumps(ask(client, wanted["address"])), flush=True)


if __name__ == "__main__":
    main()
