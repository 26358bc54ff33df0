#!/bin/sh
# Everybody stands in one line: in order, and stopped by the first full mailbox.
. "$SOLUTION/apply.sh"
