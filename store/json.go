package store

import (
	"encoding/json"
	"fmt"
	"strings"

	"attune/rituals"
)

// list encodes what is read and written as one; an empty list is "".
func list[T any](values []T) (string, error) {
	if len(values) == 0 {
		return "", nil
	}
	return object(values)
}

func object(v any) (string, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("encode %T: %w", v, err)
	}
	return string(b), nil
}

// unlist decodes what list encoded.
func unlist[T any](s string) ([]T, error) {
	if s == "" {
		return nil, nil
	}
	var values []T
	if err := json.Unmarshal([]byte(s), &values); err != nil {
		return nil, fmt.Errorf("decode %T: %w", values, err)
	}
	return values, nil
}

// decodeWords decodes the words of a reply. They are most of what a state holds,
// and nearly always plain: those are taken apart by hand.
func decodeWords(s string) ([]rituals.Words, error) {
	if s == "" {
		return nil, nil
	}
	if strings.IndexByte(s, '\\') >= 0 {
		return unlist[rituals.Words](s)
	}
	var words []rituals.Words
	for rest := strings.TrimPrefix(s, "["); rest != "]"; rest = strings.TrimPrefix(rest, ",") {
		var w rituals.Words
		var source, text bool
		if rest, source = strings.CutPrefix(rest, `{"source":"`); source {
			w.Source, rest, source = strings.Cut(rest, `","text":"`)
			text = source
		} else {
			rest, text = strings.CutPrefix(rest, `{"text":"`)
		}
		if !text {
			return unlist[rituals.Words](s)
		}
		if w.Text, rest, text = strings.Cut(rest, `"}`); !text || strings.IndexByte(w.Text, '"') >= 0 {
			return unlist[rituals.Words](s)
		}
		words = append(words, w)
	}
	return words, nil
}
