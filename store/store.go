// Package store keeps everything Attune remembers in one SQLite file.
//
// One goroutine writes. It takes all changes that wait at a moment and commits
// them together, each under a savepoint, so that many cost one write to the disk
// and a change whose assumption is wrong goes back alone. Reading happens beside
// it on connections of its own, each time from one consistent moment.
package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"time"

	"modernc.org/sqlite"

	"attune/rituals"
)

// Options say how a store is set up.
type Options struct {
	Trouble Trouble // told of a database that does not work; nil: nobody is
}

// A Store is an open database. Its methods may be called by many goroutines at
// once.
type Store struct {
	path  string
	owner *owner
	file  os.FileInfo // of the database, as it was opened

	warm    chan *conn // the reader that was used last
	readers chan *conn // the others
	jobs    chan *job
	closing chan struct{}
	stopped chan struct{} // closed when the writer has ended
	once    sync.Once
	writer  *writer
	rows    numbering // of the outbox; the writer's
	err     error     // of Close

	trouble     Trouble
	cache       *cache
	ahead       *ahead
	definitions sync.Map // hash → *rituals.Ritual, never changed and never removed

	counters counters
	beating  chan struct{} // held by the one that beats

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
	owner, err := own(path, time.Now())
	if err != nil {
		return nil, err
	}
	s := &Store{
		path:    path,
		trouble: o.Trouble,
		owner:   owner,
		warm:    make(chan *conn, 1),
		readers: make(chan *conn, readers),
		cache:   newCache(),
		ahead:   newAhead(),
		jobs:    make(chan *job, most),
		closing: make(chan struct{}),
		stopped: make(chan struct{}),
		beating: make(chan struct{}, 1),
		said:    make(map[rituals.Platform]*fresh),
	}
	if s.trouble == nil {
		s.trouble = unheard{}
	}
	if err := s.open(ctx); err != nil {
		return nil, errors.Join(err, s.closeReaders(len(s.warm)+len(s.readers)), owner.leave(owner.left))
	}
	return s, nil
}

func (s *Store) open(ctx context.Context) error {
	if err := prepare(ctx, s.path, s.owner.clean()); err != nil {
		return err
	}
	var err error
	if s.file, err = os.Stat(s.path); err != nil {
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
		s.err = errors.Join(s.closeReaders(readers), explain(s.path, s.writer.close()))
		how := ""
		if s.err == nil {
			how, _ = s.owner.closed() // not, if another program has it open
		}
		s.err = errors.Join(s.err, s.owner.leave(how))
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
// free, because it has its statements prepared and its pages read. Its error wraps
// [rituals.ErrUnwritable] if the database does not work.
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
	return s.met(f(c))
}
