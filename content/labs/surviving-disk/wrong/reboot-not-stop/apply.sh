#!/bin/sh
# upgrade.sh changes the type while the server runs, which is refused, and reboots it: it comes back as it was.
. "$SOLUTION/apply.sh"
