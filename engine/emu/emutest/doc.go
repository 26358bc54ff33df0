// Package emutest holds every operation of every service to the kernel's rules, unasked.
//
// A [Suite] takes a cloud and goes over its tables of operations. Row by row it checks what is true of all of AWS: a
// principal without permission is denied, a parameter that does not exist is noticed, nothing crashes on empty, wrong or
// over-long input, an error changes nothing, and secrets do not come out of the journal. Then it runs random
// scripts, whose inputs it draws from the operations' own plans, from what earlier calls answered, and from the hints of
// the suite; after each one it runs the same script again and wants the same answers, restores the journal's changes and
// wants the same tables, and runs the journal's inputs again and wants the same tables.
//
// A failure names the script's seed; Suite.Seed runs that one alone.
package emutest
