#!/bin/sh
# The files beside this one are in the workspace already. What is left is to launch the server.
set -e

./launch.sh
