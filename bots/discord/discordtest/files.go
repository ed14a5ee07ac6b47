package discordtest

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// linkLife is how long the address of an attached file is good.
const linkLife = 24 * time.Hour

// A File is attached to a message.
type File struct {
	Name     string
	Type     string // as MIME has it
	Data     []byte
	Voice    bool    // spoken into the message
	Duration float64 // of speech, in seconds

	id    string
	index string // in the form it was sent with
	gone  bool
}

// Lose lets the store of attached files forget a message's.
func (s *Server) Lose(channel, message string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m := s.places[channel].message(message); m != nil {
		for _, f := range m.Files {
			f.gone = true
		}
	}
}

// fillFiles takes attached files from a request. The list of attachments says what
// is kept of those that a message has.
func (s *Server) fillFiles(m *Message, q *request) *apiError {
	var meta []struct {
		ID       json.RawMessage `json:"id"`
		Name     string          `json:"filename"`
		Duration float64         `json:"duration_secs"`
		Waveform string          `json:"waveform"`
	}
	if e := q.decode("attachments", &meta); e != nil {
		return e
	}
	if q.has("attachments") {
		var kept []*File
		for _, f := range m.Files {
			for _, a := range meta {
				if string(a.ID) == strconv.Quote(f.id) {
					kept = append(kept, f)
				}
			}
		}
		m.Files = kept
	}
	sum := 0
	var bits int
	_ = q.decode("flags", &bits)
	for _, f := range q.files {
		sum += len(f.Data)
		if len(f.Data) > 10*megabyte || sum > 25*megabyte {
			return tooLarge
		}
		f.Voice = bits&flagVoice != 0
		wave := ""
		for _, a := range meta {
			if string(a.ID) == f.index || string(a.ID) == strconv.Quote(f.index) {
				f.Duration, f.Name, wave = a.Duration, cmp.Or(a.Name, f.Name), a.Waveform
			}
		}
		if f.Voice && (f.Duration <= 0 || wave == "") {
			return voiceless
		}
	}
	if len(m.Files)+len(q.files) > 10 {
		return invalid("attachments", "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.")
	}
	for _, f := range q.files {
		s.keep(f)
		m.Files = append(m.Files, f)
	}
	return nil
}

// keep gives a file its id and address.
func (s *Server) keep(f *File) {
	f.id = s.id()
	s.links[f.path(s)] = f
}

func (f *File) path(s *Server) string { return "/attachments/" + s.app + "/" + f.id + "/" + f.Name }

// wireFile returns an attached file as Discord tells of it. Its address is good for
// a day, and anew each time it is asked for.
func (s *Server) wireFile(f *File) map[string]any {
	base := "https://cdn.discordapp.com"
	if s.host != "" && s.host != "discord.com" {
		base = "http://" + s.host
	}
	now := time.Now()
	path := (&url.URL{Path: f.path(s)}).EscapedPath()
	ex, is := fmt.Sprintf("%x", now.Add(linkLife).Unix()), fmt.Sprintf("%x", now.Unix())
	address := fmt.Sprintf("%s%s?ex=%s&is=%s&hm=%s", base, path, ex, is, f.sign(ex, is))
	w := map[string]any{
		"id": f.id, "filename": f.Name, "content_type": f.Type, "size": len(f.Data), "url": address, "proxy_url": address,
	}
	if f.Voice {
		w["duration_secs"], w["waveform"] = f.Duration, "AAAA"
	}
	return w
}

// sign returns the mark by which an address is known to be Discord's own.
func (f *File) sign(ex, is string) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{f.id, ex, is}, " ")))
	return hex.EncodeToString(sum[:])
}

// download gives out an attached file, if the address has not expired.
func (s *Server) download(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	f := s.links[r.URL.Path]
	gone := f == nil || f.gone
	s.mu.Unlock()
	q := r.URL.Query()
	until, err := strconv.ParseInt(q.Get("ex"), 16, 64)
	if gone || err != nil || time.Now().Unix() > until || q.Get("hm") != f.sign(q.Get("ex"), q.Get("is")) {
		http.Error(w, "This content is no longer available.", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", f.Type)
	w.Header().Set("Content-Length", strconv.Itoa(len(f.Data)))
	_, _ = w.Write(f.Data)
}
