// Package procs is the commands on processes, time and the machine: ps, top, free, kill, env, id, timeout, sleep, date,
// uname, stress and their kin. Memory and processors are the instance's own limits, from its cgroup, not the host's.
package procs
