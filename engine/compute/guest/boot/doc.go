// Package boot is PID 1 of an instance and what runs when it boots.
//
// [Init] stands by until its network interface lets it boot, so that machines can be kept warm. Then it says READY, starts
// `cloud-init` beside itself and from then on only reaps: PID 1 calls wait4(-1), which would take the children that os/exec
// waits for, so it starts its one child without os/exec. SIGTERM and SIGPWR stop the machine: everybody gets SIGTERM, after a
// while SIGKILL. compute.RebootSignal, which the command `reboot` sends too, does that to everybody else; then init executes
// itself and boots again, with the mounts it has.
//
// Init also greets at port 22, as an SSH server does, and nothing more: who wants in uses haneul connect, which looks whether
// that port can be reached from where the learner is.
//
// [CloudInit] takes the user data from the metadata service. A text that begins with #! runs once per instance, as root,
// its output on the console and in /var/log/cloud-init-output.log; it may take as long as it likes, also for ever. An
// instance launched from an image of this one has another id, so user data run there again. Then /etc/rc.local runs, at
// every boot, if it is executable. Cloud-config, MIME parts, boothooks and compressed user data are not emulated: the
// console says so.
package boot
