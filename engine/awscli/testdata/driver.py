"""Runs commands with the AWS CLI installed for this interpreter, each in a process of its own.

Importing the CLI takes most of the time a command needs, so it is imported once and every command runs in a fork: one
JSON list of arguments a line in, one JSON object {code, stdout, stderr} a line out.
"""
import json
import os
import sys
import tempfile

import awscli.clidriver


def run(args):
    out, err = tempfile.TemporaryFile(), tempfile.TemporaryFile()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            sys.argv = ["aws"] + args
            code = awscli.clidriver.main()
            sys.stdout.flush()
            sys.stderr.flush()
        except SystemExit as e:
            code = e.code or 0
        finally:
            os._exit(code)
    _, status = os.waitpid(pid, 0)
    out.seek(0)
    err.seek(0)
    return {"code": os.waitstatus_to_exitcode(status), "stdout": out.read().decode(), "stderr": err.read().decode()}


for line in sys.stdin:
    print(json.dumps(run(json.loads(line))), flush=True)
