package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"time"
)

// A conn is one connection to the database, used by one goroutine at a time. It
// prepares each statement once, the first time it is run, and speaks to the
// driver without database/sql between: that costs as much again as the
// statements here do, and has nothing to add where connections are owned.
type conn struct {
	driver driver.Conn
	stmts  map[string]stmt
	args   []driver.NamedValue
	values []driver.Value
}

// A stmt is what the driver's statements can do.
type stmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

func newConn(d driver.Driver, dsn string) (*conn, error) {
	c, err := d.Open(dsn)
	if err != nil {
		return nil, err
	}
	return &conn{driver: c, stmts: make(map[string]stmt)}, nil
}

func (c *conn) close() error {
	var errs []error
	for _, s := range c.stmts {
		errs = append(errs, s.Close())
	}
	return errors.Join(append(errs, c.driver.Close())...)
}

func (c *conn) prepare(query string) (stmt, error) {
	if s, ok := c.stmts[query]; ok {
		return s, nil
	}
	p, err := c.driver.Prepare(query)
	if err != nil {
		return nil, fmt.Errorf("prepare %q: %w", query, err)
	}
	s, ok := p.(stmt)
	if !ok {
		return nil, fmt.Errorf("prepare %q: a %T cannot be run", query, p)
	}
	c.stmts[query] = s
	return s, nil
}

func (c *conn) bind(args []driver.Value) []driver.NamedValue {
	c.args = c.args[:0]
	for i, a := range args {
		c.args = append(c.args, driver.NamedValue{Ordinal: i + 1, Value: a})
	}
	return c.args
}

// exec runs a statement and returns how many rows it changed. Arguments are
// int64, string or nil. It takes no context: what runs here is short, and a
// context that can end costs a goroutine for each statement.
func (c *conn) exec(query string, args ...driver.Value) (int64, error) {
	r, err := c.run(query, args)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

func (c *conn) run(query string, args []driver.Value) (driver.Result, error) {
	s, err := c.prepare(query)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(context.Background(), c.bind(args))
}

// query calls scan for each row of the result. Nothing else may run on c until
// query returns.
func (c *conn) query(scan func(*row) error, query string, args ...driver.Value) (err error) {
	s, err := c.prepare(query)
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(context.Background(), c.bind(args))
	if err != nil {
		return err
	}
	defer func() {
		if e := rows.Close(); err == nil {
			err = e
		}
	}()
	n := len(rows.Columns())
	if cap(c.values) < n {
		c.values = make([]driver.Value, n)
	}
	r := row{values: c.values[:n]}
	for {
		if err := rows.Next(r.values); err != nil {
			if err == io.EOF {
				return nil
			}
			return err
		}
		r.next = 0
		if err := scan(&r); err != nil {
			if err == errStop {
				return nil
			}
			return err
		}
	}
}

// errStop ends a query without an error.
var errStop = errors.New("stop")

// begin starts a transaction that only reads; what is read until end is of one
// moment.
func (c *conn) begin() error { _, err := c.exec("BEGIN"); return err }
func (c *conn) end()         { _, _ = c.exec("COMMIT") }

// A row is read from left to right, one column at each call.
type row struct {
	values []driver.Value
	next   int
}

func (r *row) value() driver.Value {
	r.next++
	return r.values[r.next-1]
}

// int returns the next column; 0 for NULL.
func (r *row) int() int64 {
	n, _ := r.value().(int64)
	return n
}

// text returns the next column; empty for NULL.
func (r *row) text() string {
	s, _ := r.value().(string)
	return s
}

func (r *row) bool() bool { return r.int() != 0 }

// time returns the next column as an instant; the zero time for 0 and NULL.
func (r *row) time() time.Time {
	ms := r.int()
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// millis returns t as it is stored.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
