package docker

import (
	"fmt"
	"strings"

	"haneul/engine/compute"
)

// clamp fits wanted limits to the machine: Docker refuses more CPUs than there are, and memory that is not there only looks
// like it. A tenth of the memory stays for everything else.
func clamp(d *engine, cpus float64, memory int64) compute.Limits {
	l := compute.Limits{CPUs: cpus, Memory: memory}
	var said []string
	if most := float64(d.info.NCPU); l.CPUs > most {
		l.CPUs = most
		said = append(said, fmt.Sprintf("%g of %g vCPUs", most, cpus))
	}
	if most := d.info.MemTotal / 10 * 9; l.Memory > most {
		l.Memory = most
		said = append(said, fmt.Sprintf("%.1f of %.1f GiB", gib(most), gib(memory)))
	}
	if said != nil {
		l.Clamped = "This machine can give it " + strings.Join(said, " and ") + "."
	}
	return l
}

func gib(bytes int64) float64 { return float64(bytes) / (1 << 30) }
