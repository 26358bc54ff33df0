// Package shell is where a lab's commands run: an in-process shell whose `aws` can reach one cloud on this machine and
// nothing else.
//
//   - [Environ] makes the environment. It drops every AWS_ and proxy variable it finds and sets ours: endpoint, keys,
//     region, config and credentials files of our own, and a proxy that refuses whatever is not on this machine.
//   - [AWS] is the `aws` command: the learner's real CLI with our endpoint, or the built-in one; the other of the two is
//     asked when the first does not know a command (an AWS CLI of 2022 has no start-message-move-task).
//   - [WriteShim] puts an `aws` of ours first on the PATH, for programs that call it: a Makefile, a Python script.
//   - [Shell] runs command lines and scripts. Shell scripts, also those called from scripts, run in this process; other
//     programs run as what they are. `sleep` waits on the cloud's clock.
//   - A confined shell (a worker's) opens no file outside its workspace. Programs that are not shell scripts are the
//     learner's own and are not confined. A closed shell (an author's apply.sh) runs no such program at all.
package shell
