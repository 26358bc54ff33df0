#!/bin/sh
# The files beside this one are in the workspace already. What is left is the queue: the order that matters is the
# customer's, so send.sh makes each customer a group; a notice keeps its number, so the number tells what was sent before.
set -e

aws sqs create-queue --queue-name mail.fifo --attributes FifoQueue=true
