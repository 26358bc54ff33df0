// Package files is the commands on files and folders: ls, cp, mv, rm, mkdir, ln, chmod, find, du, df, stat, tar, gzip,
// checksums and their kin. Archives are as u-root's would be, on the standard library alone, which is a third the size.
package files
