#!/bin/sh
# The old article's option stayed: whoever makes the app fetch an address gets the role's keys.
. "$SOLUTION/apply.sh"
