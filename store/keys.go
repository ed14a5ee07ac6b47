package store

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"filippo.io/age"
)

// Keys are what is encrypted with: the first closes, and any of them opens, so that a
// new one is put in front of those that came before it. Without keys nothing is
// encrypted.
type Keys struct {
	all []*age.X25519Identity
}

// NewKey makes a key.
func NewKey() (string, error) {
	k, err := age.GenerateX25519Identity()
	if err != nil {
		return "", err
	}
	return k.String(), nil
}

// ParseKeys reads keys with commas, blanks or newlines between them. What follows a #
// on a line is for people. Its error shows no key.
func ParseKeys(text string) (Keys, error) {
	var ks Keys
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		for word := range strings.FieldsFuncSeq(line, func(r rune) bool { return strings.ContainsRune(", \t\r\n", r) }) {
			k, err := age.ParseX25519Identity(word)
			switch {
			case strings.HasPrefix(word, "age1"):
				return Keys{}, fmt.Errorf("key %d is a public one, which cannot open anything; write the one that begins with AGE-SECRET-KEY-1", len(ks.all)+1)
			case err != nil:
				return Keys{}, fmt.Errorf("key %d is none, or is not whole; it begins with AGE-SECRET-KEY-1, and attune keys new makes one", len(ks.all)+1)
			}
			ks.all = append(ks.all, k)
		}
	}
	return ks, nil
}

// Empty reports whether there is no key.
func (ks Keys) Empty() bool { return len(ks.all) == 0 }

// Public returns the public part of the first key, which tells it from others.
func (ks Keys) Public() string { return ks.all[0].Recipient().String() }

// sealed is what an encrypted file begins with.
const sealed = "age-encryption.org/v1\n"

// seal encrypts the file from to the file to, and makes sure of it: what is read back
// and opened is what was closed.
func (ks Keys) seal(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer out.Close()
	w, err := age.Encrypt(out, ks.all[0].Recipient())
	if err != nil {
		return err
	}
	want, got := sha256.New(), sha256.New()
	if _, err := io.Copy(io.MultiWriter(w, want), in); err != nil {
		return err
	}
	if err := errors.Join(w.Close(), out.Sync()); err != nil {
		return err
	}
	if _, err := out.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if err := ks.open(got, out); err != nil {
		return err
	}
	if !bytes.Equal(want.Sum(nil), got.Sum(nil)) {
		return errors.New("what was written cannot be read back; the disk may be failing")
	}
	return nil
}

// open decrypts what is read from in. The error wraps [ErrKey] if no key fits, and
// [ErrBackup] if it is damaged.
func (ks Keys) open(out io.Writer, in io.Reader) error {
	if ks.Empty() {
		return fmt.Errorf("it is encrypted: %w; set ATTUNE_KEYS", ErrKey)
	}
	var ids []age.Identity
	for _, k := range ks.all {
		ids = append(ids, k)
	}
	r, err := age.Decrypt(in, ids...)
	var none *age.NoIdentityMatchError
	if errors.As(err, &none) {
		return fmt.Errorf("it is encrypted: %w; add the one it was written with to ATTUNE_KEYS", ErrKey)
	}
	if err != nil {
		return fmt.Errorf("%w (%v)", ErrBackup, err)
	}
	read := reader{Reader: r}
	if _, err := io.Copy(out, &read); read.err != nil {
		return fmt.Errorf("%w (%v)", ErrBackup, read.err)
	} else if err != nil {
		return err
	}
	return nil
}

// A reader remembers why it could not go on, so that it is known from an error of
// writing.
type reader struct {
	io.Reader
	err error
}

func (r *reader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if err != nil && err != io.EOF {
		r.err = err
	}
	return n, err
}
