"""Reads command lines of the Azure CLI, a JSON array of words each, with the Azure CLI's own parser, and runs none of them.

Prints for each line a JSON text: null, or why the Azure CLI refuses it.
"""

import contextlib
import io
import json
import os
import sys

os.environ["AZURE_CORE_COLLECT_TELEMETRY"] = "no"

from azure.cli.core import get_default_cli
from azure.cli.core.parser import AzCliCommandParser


class Understood(BaseException):
    """The command line was parsed: here the Azure CLI would begin to run it."""


parse = AzCliCommandParser.parse_args


def parse_and_stop(self, *args, **kwargs):
    parse(self, *args, **kwargs)
    raise Understood


AzCliCommandParser.parse_args = parse_and_stop

for line in sys.stdin:
    said = io.StringIO()
    fault = None
    try:
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
            status = get_default_cli().invoke(json.loads(line))
        fault = f"ended with status {status} before it was parsed"
    except Understood:
        pass
    except SystemExit as ended:
        fault = f"status {ended.code}: {said.getvalue().strip().splitlines()[0:1]}"
    print(json.dumps(fault), flush=True)
