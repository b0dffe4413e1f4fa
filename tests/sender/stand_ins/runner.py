"""Run by each Python that the tests are for: starts the program again and again without loading its modules again.

Reads a line of JSON for each run (program, arguments, environment, files for the output), makes a child that runs the
program from its first line to its exit, and writes the exit status.  Starting a new Python each time would cost the
suite most of its time.  Written for Python 3.6.
"""

import json
import locale  # noqa: F401 - argparse loads these two late, when a child may no longer be who can read them
import os
import shutil  # noqa: F401
import sys
import traceback
from types import CodeType
from typing import Any, Dict, Tuple


def become(order: Dict[str, Any], code: CodeType) -> int:
    """Turn this child into a run of the program; return its exit status."""
    for number, name in ((1, "stdout"), (2, "stderr")):
        os.dup2(os.open(order[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    if order["user"]:
        os.setgid(order["user"])
        os.setuid(order["user"])
    os.environ.clear()
    os.environ.update(order["environment"])
    sys.argv = [order["program"], *order["arguments"]]
    try:
        exec(code, {"__name__": "__main__", "__file__": order["program"]})  # noqa: S102 - that is what it is for
    except SystemExit as leaving:
        return int(leaving.code or 0)
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def serve() -> None:
    compiled: Dict[Tuple[str, int], CodeType] = {}
    for line in sys.stdin:
        order = json.loads(line)
        key = (order["program"], os.stat(order["program"]).st_mtime_ns)
        if key not in compiled:
            with open(order["program"], encoding="utf-8") as text:
                compiled[key] = compile(text.read(), order["program"], "exec")
            if len(compiled) == 1:
                exec(compiled[key], {"__name__": "loaded"})  # noqa: S102 - loads the modules, once for all
        child = os.fork()
        if child == 0:
            status = 1
            try:
                status = become(order, compiled[key])
                sys.stdout.flush()
                sys.stderr.flush()
            finally:
                os._exit(status)
        print(os.waitpid(child, 0)[1] >> 8, flush=True)


serve()
