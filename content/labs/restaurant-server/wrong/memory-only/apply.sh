#!/bin/sh
# /run is in memory: it is empty after every boot.
. "$SOLUTION/apply.sh"
