// Package store keeps everything Attune remembers in one SQLite file.
//
// One goroutine writes. It takes all changes that wait at a moment and commits
// them together, each under a savepoint, so that many cost one write to the disk
// and a change whose assumption is wrong goes back alone. Reading happens beside
// it on connections of its own, each time from one consistent moment.
package store

import (
	"cmp"
	"context"
	"database/sql/driver"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync"

	"modernc.org/sqlite"

	"attune/rituals"
)

// Options say how a store is set up.
type Options struct {
	Log *slog.Logger // nil: none
}

// A Store is an open database. Its methods may be called by many goroutines at
// once.
type Store struct {
	path string
	log  *slog.Logger
	lock *os.File

	warm    chan *conn // the reader that was used last
	readers chan *conn // the others
	jobs    chan *job
	closing chan struct{}
	stopped chan struct{} // closed when the writer has ended
	once    sync.Once
	writer  *writer
	err     error // of Close

	cache       *cache
	ahead       *ahead
	definitions sync.Map // hash → *rituals.Ritual, never changed and never removed

	mu   sync.Mutex
	said map[rituals.Platform]*fresh
}

// readers is how many can read at once.
const readers = 3

// Open opens the database at path, and makes it and its folder if need be. The
// error wraps [ErrNewer], [ErrCorrupt] or [ErrLocked] where that is the reason.
func Open(ctx context.Context, path string, o Options) (*Store, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	lock, err := own(path)
	if err != nil {
		return nil, err
	}
	s := &Store{
		path:    path,
		log:     cmp.Or(o.Log, slog.New(slog.DiscardHandler)),
		lock:    lock,
		warm:    make(chan *conn, 1),
		readers: make(chan *conn, readers),
		cache:   newCache(),
		ahead:   newAhead(),
		jobs:    make(chan *job, most),
		closing: make(chan struct{}),
		stopped: make(chan struct{}),
		said:    make(map[rituals.Platform]*fresh),
	}
	if err := s.open(ctx); err != nil {
		return nil, errors.Join(err, s.closeReaders(len(s.warm)+len(s.readers)), lock.Close())
	}
	return s, nil
}

func (s *Store) open(ctx context.Context) error {
	if err := prepare(ctx, s.path); err != nil {
		return err
	}
	var d driver.Driver = &sqlite.Driver{}
	for range readers {
		c, err := newConn(d, dsn(s.path, "query_only(on)"))
		if err != nil {
			return explain(s.path, err)
		}
		s.readers <- c
	}
	c, err := newConn(d, dsn(s.path))
	if err != nil {
		return explain(s.path, err)
	}
	s.writer = &writer{conn: c, store: s}
	go func() {
		defer close(s.stopped)
		s.writer.run()
	}()
	return nil
}

// Path returns where the database is.
func (s *Store) Path() string { return s.path }

// Close waits for what was queued and closes the database.
func (s *Store) Close() error {
	s.once.Do(func() {
		close(s.closing)
		<-s.stopped
		// The writer goes last: the last to close folds the log into the file.
		s.err = errors.Join(s.closeReaders(readers), s.writer.close(), s.lock.Close())
	})
	return s.err
}

func (s *Store) closeReaders(n int) error {
	var errs []error
	for range n {
		select {
		case c := <-s.warm:
			errs = append(errs, c.close())
		case c := <-s.readers:
			errs = append(errs, c.close())
		}
	}
	return errors.Join(errs...)
}

// read calls f with a connection to read from: the one that was used last if it is
// free, because it has its statements prepared and its pages read.
func (s *Store) read(ctx context.Context, f func(*conn) error) error {
	select {
	case <-s.closing:
		return ErrClosed
	default:
	}
	var c *conn
	select {
	case c = <-s.warm:
	default:
		select {
		case c = <-s.warm:
		case c = <-s.readers:
		case <-ctx.Done():
			return ctx.Err()
		case <-s.closing:
			return ErrClosed
		}
	}
	defer func() {
		select {
		case s.warm <- c:
		default:
			s.readers <- c
		}
	}()
	return f(c)
}
