#!/bin/sh
# Port 22 is open to the world, and a file on the server says who may use it: strangers are still let in as far as that.
SSH_FROM=0.0.0.0/0
. "$SOLUTION/apply.sh"
