package config

import (
	"fmt"
	"io"
	"log/slog"
)

// A Secret is a text that does not show itself: not in any verb of fmt, not in
// JSON, not in a log. The zero Secret is empty.
type Secret struct {
	value *string // a pointer, because fmt looks into unexported fields of others without asking
}

// NewSecret returns a secret.
func NewSecret(value string) Secret {
	if value == "" {
		return Secret{}
	}
	return Secret{&value}
}

// Reveal returns the text itself.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// Empty reports whether there is no text.
func (s Secret) Empty() bool { return s.value == nil }

// String returns what is shown in place of the text.
func (s Secret) String() string {
	if s.Empty() {
		return ""
	}
	return "[hidden]"
}

// Format writes the same as String, whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// MarshalText returns the same as String.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue returns the same as String.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }
