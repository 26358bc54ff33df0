#!/bin/sh
# The office has one address. Its neighbours in the same block are let in as well.
SSH_FROM=198.51.100.0/24
. "$SOLUTION/apply.sh"
