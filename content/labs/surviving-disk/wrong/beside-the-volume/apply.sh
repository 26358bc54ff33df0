#!/bin/sh
# A volume is attached, and nothing is on it: the reviews are on the root disk. That survives a stop, and goes nowhere
# without its server.
. "$SOLUTION/apply.sh"
