#!/bin/sh
# A new deduplication id for every call: nothing is ever recognised as sent before.
. "$SOLUTION/apply.sh"
