#!/bin/sh
# The queues are right. The worker is not: it deletes an order even if cook failed.
. "$SOLUTION/apply.sh"
