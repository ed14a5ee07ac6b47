package telegramtest

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
)

// args are a request's parameters: strings as they are, all else as JSON.
type args map[string]string

// uploaded ends the name of a parameter that says what an uploaded file is called.
const uploaded = " file"

// read reads the parameters of a request in any of the forms that Telegram takes.
func read(r *http.Request) (args, error) {
	a := make(args)
	for k, v := range r.URL.Query() {
		a[k] = v[0]
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch kind {
	case "application/json":
		var body map[string]json.RawMessage
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			return nil, errors.New("can't parse JSON object")
		}
		for k, v := range body {
			var text string
			if json.Unmarshal(v, &text) == nil {
				a[k] = text
			} else {
				a[k] = string(v)
			}
		}
	case "multipart/form-data":
		form, err := r.MultipartReader()
		if err != nil {
			return nil, errors.New("can't parse form")
		}
		for {
			p, err := form.NextPart()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return nil, errors.New("can't parse form")
			}
			value, err := io.ReadAll(p)
			if err != nil {
				return nil, errors.New("can't parse form")
			}
			a[p.FormName()] = string(value)
			if p.FileName() != "" {
				a[p.FormName()+uploaded] = p.FileName()
			}
		}
	default:
		if err := r.ParseForm(); err != nil {
			return nil, errors.New("can't parse form")
		}
		for k, v := range r.Form {
			a[k] = v[0]
		}
	}
	_, err := io.Copy(io.Discard, r.Body)
	return a, err
}

// int returns a number, 0 if it is not there.
func (a args) int(name string) int64 {
	n, _ := strconv.ParseInt(a[name], 10, 64)
	return n
}

// bool returns a truth, false if it is not there.
func (a args) bool(name string) bool { return a[name] == "true" || a[name] == "True" || a[name] == "1" }

// decode reads a parameter that holds JSON; it leaves v alone if there is none.
func (a args) decode(name string, v any) *apiError {
	if a[name] == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(a[name]), v); err != nil {
		return bad("can't parse %s JSON object", name)
	}
	return nil
}
