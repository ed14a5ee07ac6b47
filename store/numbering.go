package store

// numbered is how many ids of the outbox are set aside at once.
const numbered = 1024

// A numbering gives the rows of the outbox their ids. They count up, and none is given
// twice, not even when its row is gone: platforms and buttons know messages by them.
//
// SQLite alone would write down the last id with every message. Some are set aside here
// instead, and those that nobody had when the process ended are left out.
type numbering struct {
	next, end int64
}

// id returns the id of the next row.
func (n *numbering) id(w *conn) (int64, error) {
	if n.next == n.end {
		if err := n.set(w); err != nil {
			return 0, err
		}
	}
	n.next++
	return n.next - 1, nil
}

// set sets ids aside. If what w writes is taken back, SQLite writes them down as they are
// used.
func (n *numbering) set(w *conn) error {
	changed, err := w.exec(`UPDATE sqlite_sequence SET seq = max(seq, (SELECT coalesce(max(id), 0) FROM outbox)) + ?
		WHERE name = 'outbox'`, int64(numbered))
	if err == nil && changed == 0 { // the first row of all, or what was known is lost
		_, err = w.exec("INSERT INTO sqlite_sequence (name, seq) SELECT 'outbox', coalesce(max(id), 0) + ? FROM outbox", int64(numbered))
	}
	if err != nil {
		return err
	}
	return w.query(func(r *row) error {
		n.end = r.int() + 1
		n.next = n.end - numbered
		return nil
	}, "SELECT seq FROM sqlite_sequence WHERE name = 'outbox'")
}
