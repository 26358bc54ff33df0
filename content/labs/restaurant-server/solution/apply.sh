#!/bin/sh
# The program is in the workspace already. What is left is to launch the server.
set -e

./launch.sh
