// What maps early: see early.go of pkg/sentry/mm.

package overlay

// MapsEarly tells what the file below says of itself.
func (d *dentry) MapsEarly() bool {
	d.dataMu.RLock()
	defer d.dataMu.RUnlock()
	m, ok := d.wrappedMappable.(interface{ MapsEarly() bool })
	return ok && m.MapsEarly()
}
