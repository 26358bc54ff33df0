#!/bin/sh
# The folder of the cache is made once, when the server is born. After a stop the instance store is empty, and nobody makes
# it again.
. "$SOLUTION/apply.sh"
