// Package network is the commands that speak to others: curl, wget, ping, nc, nslookup, ip, ss, and httpd, the web server
// that runs shell scripts.
package network
