#!/bin/sh
# Every request rewrites the whole list. Of two that come at once, one wins.
. "$SOLUTION/apply.sh"
