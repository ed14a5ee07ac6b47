package store

import (
	"encoding/json"
	"fmt"
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
