#!/bin/sh
# redrive.sh receives from the dead-letter queue, sends to orders and deletes: whatever fails in between is done twice,
# and the table number stays behind.
. "$SOLUTION/apply.sh"
