package reach

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"haneul/engine/admin"
)

func rule(egress bool, protocol string, from, to int64, peers ...string) admin.Rule {
	return admin.Rule{Egress: egress, Protocol: protocol, From: from, To: to, Peers: peers}
}

var anywhere = rule(true, "-1", -1, -1, "0.0.0.0/0")

func sight(name, ip, public string, rules ...admin.Rule) *admin.Sight {
	return &admin.Sight{Instance: admin.Instance{ID: "i-" + name, Name: name, VPC: "vpc-1", State: "running", PrivateIP: ip, PublicIP: public}, Rules: rules}
}

// say is ways on one line each, those without ports too.
func say(ways []Way) string {
	var lines []string
	for _, w := range ways {
		lines = append(lines, strings.Join(strings.Fields(fmt.Sprint([]string{"internet", "you", "", ""}[w.Kind], " ", w.Name, " ", w.Address, ": ", w.Ports.Text("all", "none"))), " "))
	}
	return strings.Join(lines, "\n")
}

func TestIn(t *testing.T) {
	web := sight("web", "172.31.0.5", "198.18.0.1", anywhere,
		rule(false, "tcp", 80, 80, "0.0.0.0/0"), rule(false, "tcp", 22, 22, "203.0.113.0/24"), rule(false, "tcp", 443, 443, "198.51.100.0/24"))
	db := sight("db", "172.31.0.9", "", anywhere, rule(false, "tcp", 5432, 5432, "172.31.0.5/32"), rule(false, "tcp", 22, 22, "0.0.0.0/0"))
	far := sight("far", "172.31.0.7", "", anywhere)
	far.VPC = "vpc-2"
	gone := sight("gone", "172.31.0.8", "", anywhere)
	gone.State = "terminated"
	all := []*admin.Sight{web, db, far, gone}
	for _, c := range []struct {
		to   *admin.Sight
		want string
	}{
		{web, "internet : tcp 80\nyou 203.0.113.10: tcp 22, 80\ndb 172.31.0.9: tcp 80\n198.51.100.0/24: tcp 80, 443"},
		{db, "internet : none\nyou 203.0.113.10: none\nweb 172.31.0.5: tcp 22, 5432"}, // no public address
	} {
		if got := say(In(c.to, all)); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.to.Name, got, c.want)
		}
	}
	// what web may not send does not arrive, whatever db allows
	web.Rules = slices.Clone(web.Rules)
	web.Rules[0] = rule(true, "tcp", 5000, 6000, "172.31.0.0/16")
	if got := In(db, all)[2].Ports.Text("all", "none"); got != "tcp 5432" {
		t.Error(got)
	}
	web.Rules[0] = rule(true, "udp", 0, 65535, "0.0.0.0/0")
	if got := In(db, all)[2].Ports.Text("all", "none"); got != "none" {
		t.Error(got)
	}
}

func TestOut(t *testing.T) {
	db := sight("db", "172.31.0.9", "")
	for _, c := range []struct {
		rules []admin.Rule
		want  string
	}{
		{[]admin.Rule{anywhere}, ""},
		{nil, "internet : none"},
		{[]admin.Rule{rule(true, "tcp", 443, 443, "0.0.0.0/0"), rule(true, "tcp", 5432, 5432, "172.31.0.9/32"), rule(true, "udp", 53, 53, "10.0.0.0/8")},
			"internet : tcp 443\ndb 172.31.0.9: tcp 443, 5432\n10.0.0.0/8: tcp 443, udp 53"},
	} {
		web := sight("web", "172.31.0.5", "198.18.0.1", c.rules...)
		if got := say(Out(web, []*admin.Sight{web, db})); got != c.want {
			t.Errorf("%v:\n%s\nwant\n%s", c.rules, got, c.want)
		}
	}
}

func TestPorts(t *testing.T) {
	for _, c := range []struct {
		p    Ports
		want string
	}{
		{nil, "none"},
		{Ports{{"tcp", 80, 80}, {"-1", -1, -1}}, "all"},
		{Ports{{"tcp", 0, 65535}, {"tcp", 22, 22}}, "tcp"},
		{Ports{{"udp", 53, 53}, {"tcp", 90, 100}, {"tcp", 80, 89}, {"tcp", 22, 22}}, "tcp 22, 80-100, udp 53"},
		{Ports{{"icmp", 8, 0}, {"icmp", -1, -1}}, "icmp"},
	} {
		if got := c.p.tidy().Text("all", "none"); got != c.want {
			t.Errorf("%v: %s, want %s", c.p, got, c.want)
		}
	}
}
