package emu

import "hash/crc32"

// TableDigest is what a table holds, in a few bytes: equal digests mean equal rows.
type TableDigest struct {
	Table string
	Rows  int
	CRC   uint32 // CRC-32C of all rows in order
}

// Digest sums up every table, for comparing two clouds.
func (c *Cloud) Digest() []TableDigest {
	c.mu.Lock()
	z := c.freeze()
	c.mu.Unlock()
	var ds []TableDigest
	var buf []byte
	for _, t := range z.tables {
		d := TableDigest{Table: t.tableName()}
		t.each(buf, func(chunk []byte, rows uint64) error {
			d.CRC = crc32.Update(d.CRC, castagnoli, chunk)
			d.Rows += int(rows)
			buf = chunk
			return nil
		})
		ds = append(ds, d)
	}
	return ds
}
