// Package guest is the program inside every instance: init, user data, a shell, the everyday commands, a web server with
// CGI, a load generator and aws. One static Linux binary, which looks at the name it was called by; /bin is full of links
// to it.
//
// Its rooms: boot (PID 1, user data), shell, text and files (coreutils and their kin), procs, network (also httpd), and
// eni, which is not in instances but beside them. Commands follow Debian's: golden tests run both. What a command does not
// know it refuses, as they do, instead of ignoring it.
package guest
