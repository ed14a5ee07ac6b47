// Package rituals holds the nouns of Attune and their rules.
//
// A [Couple] is two or more [Member]s bound by mutual consent. They keep
// [Ritual]s: definitions read from files. One keeping of one ritual on one [Day]
// is a [CheckIn]; what a member answered to one of its steps is a [Reply], which
// stays sealed until the reveal.
//
// Data goes one way. A platform's adapter turns what a person did into an
// [Event]; the clock turns what is due into an [Alarm]. The host looks at the
// [State] and decides a [Change], which the store commits whole or not at all.
// A change carries [Message]s, which wait in the outbox until a courier has
// delivered them, and may come with an [Answer], which is tried once.
//
// The package does no I/O, reads no clock and imports nothing else of Attune.
// Instants are time.Time, in any location; days are calendar dates; times of
// day are wall-clock times in a member's or couple's zone.
package rituals
