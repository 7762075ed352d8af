// What maps early: see early.go of pkg/sentry/mm.

package erofs

// MapsEarly is true: an image is mapped as a whole.
func (*inode) MapsEarly() bool { return true }

// MayMapLate says that the descriptor of an image lives as long as anything is mapped of it.
func (*imageMemmapFile) MayMapLate() {}
