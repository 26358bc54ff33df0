#!/bin/sh
# Every notice is a group of its own, and the worker sorts what it happens to receive together. A notice that has to wait
# is overtaken by the next.
. "$SOLUTION/apply.sh"
