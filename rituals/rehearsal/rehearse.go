package rehearsal

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
)

// A Result is a play as it went.
type Result struct {
	play  *Play
	lines []string
}

// Text returns the play with what was really seen, in the format of plays. Acts
// and comments are as they were written.
func (r *Result) Text() []byte {
	return []byte(strings.Join(r.lines, "\n") + "\n")
}

// Diff returns where the play went otherwise than it is written, line by line:
// "-" is as written, "+" as it went. It is empty if all was as written.
func (r *Result) Diff() string {
	var written []string
	for _, l := range r.play.lines {
		written = append(written, l.raw...)
	}
	return string(diff.Diff(
		r.play.Name+" as written", []byte(strings.Join(written, "\n")+"\n"),
		r.play.Name+" as it went", r.Text()))
}

// Rehearse runs the plays in files one after the other and writes to w how each
// went. It returns how many went otherwise than written or could not be played
// to the end. The error is of reading and writing only. With o.Update, files are
// rewritten to say what was seen.
func Rehearse(ctx context.Context, w io.Writer, files []string, o Options) (failed int, err error) {
	for _, file := range files {
		report, err := rehearse(ctx, file, o)
		if ctx.Err() != nil {
			return failed, ctx.Err()
		}
		if err != nil {
			failed++
			report += err.Error() + "\n"
		} else if report != "" && !o.Update {
			failed++
		}
		if report == "" {
			report = fmt.Sprintf("%s: as written\n", file)
		}
		if _, err := io.WriteString(w, report); err != nil {
			return failed, err
		}
	}
	return failed, nil
}

// rehearse runs the play in one file. The report is empty if all was as written.
func rehearse(ctx context.Context, file string, o Options) (report string, err error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	play, err := Parse(file, data)
	if err != nil {
		return "", err
	}
	result, err := play.Run(ctx, o)
	if result == nil {
		return "", err
	}
	report = result.Diff()
	if !o.Update || report == "" {
		return report, err
	}
	if bytes.Equal(data, result.Text()) {
		return "", err
	}
	if werr := os.WriteFile(file, result.Text(), 0o644); werr != nil {
		return "", werr
	}
	return fmt.Sprintf("%s: rewritten\n", file), err
}

// A tester is what Test needs of a *testing.T.
type tester[T any] interface {
	Helper()
	Parallel()
	Errorf(format string, args ...any)
	Context() context.Context
	Run(name string, f func(T)) bool
}

// Test runs each play whose file matches glob as a parallel subtest. T is
// *testing.T; it is not named so that no program that rehearses carries the
// testing package. A test with a flag for it sets o.Update:
//
//	var update = flag.Bool("update", false, "rewrite what is seen in the plays")
func Test[T tester[T]](t T, glob string, o Options) {
	t.Helper()
	files, err := filepath.Glob(glob)
	if err != nil || len(files) == 0 {
		t.Errorf("no plays match %s (%v)", glob, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), filepath.Ext(file)), func(t T) {
			t.Parallel()
			report, err := rehearse(t.Context(), file, o)
			if err != nil {
				t.Errorf("%s%v", report, err)
			} else if report != "" && !o.Update {
				t.Errorf("%s: seen otherwise than written; rewrite it with -update\n%s", file, report)
			}
		})
	}
}
