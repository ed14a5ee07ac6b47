package telegramtest

import (
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// A File is a picture, a voice message or another file in a chat.
type File struct {
	Kind string // photo, voice, audio or document
	Name string // of what was uploaded
	Type string // MIME
	Data []byte
	Size int64 // as Telegram tells; 0: of Data

	id   string
	gone bool
}

// mostFetched is how large a file may be that a bot fetches, in bytes.
const mostFetched = 20 << 20

func (s *Server) take(f *File) *File {
	f.id = "file-" + strconv.Itoa(len(s.files)+1)
	s.files[f.id] = f
	return f
}

// size returns how large the file is.
func (f *File) size() int64 {
	if f.Size != 0 {
		return f.Size
	}
	return int64(len(f.Data))
}

// into adds the file to a message as Telegram tells of it.
func (f *File) into(w map[string]any) {
	one := map[string]any{"file_id": f.id, "file_unique_id": "u" + f.id, "file_size": f.size()}
	switch f.Kind {
	case "photo":
		small := map[string]any{"file_id": f.id + "-small", "file_unique_id": "s" + f.id, "file_size": 10, "width": 90, "height": 60}
		one["width"], one["height"] = 1280, 853
		w["photo"] = []any{small, one}
		return
	case "voice", "audio":
		one["duration"] = 3
	}
	one["mime_type"] = f.Type
	w[f.Kind] = one
}

// Attach sends a file, with words if there are any, and returns the id of the message.
func (u *User) Attach(text string, f *File) int {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	return u.attach(text, f, nil)
}

// Album sends several files at once, with words under the first. Each is a message of
// its own.
func (u *User) Album(text string, files ...*File) (ids []int) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	album := "album-" + strconv.Itoa(u.s.nextMsg)
	for _, f := range files {
		ids = append(ids, u.attach(text, f, map[string]any{"media_group_id": album}))
		text = ""
	}
	return ids
}

func (u *User) attach(text string, f *File, fields map[string]any) int {
	w := maps.Clone(fields)
	if w == nil {
		w = map[string]any{}
	}
	u.s.take(f).into(w)
	if text != "" {
		w["caption"] = text
	}
	id := u.send("", w)
	u.chat.message(id).File = f
	u.chat.message(id).Text = text
	return id
}

// Lose lets Telegram forget a file.
func (s *Server) Lose(f *File) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f.gone = true
}

// sendFile returns the method that sends a file of a kind: by its id, or uploaded.
func (s *Server) sendFile(kind string) func(args) (any, *apiError) {
	return func(a args) (any, *apiError) {
		c, e := s.writable(a)
		if e != nil {
			return nil, e
		}
		f := s.files[a[kind]]
		name, up := a[kind+uploaded]
		switch {
		case up && len(a[kind]) == 0:
			return nil, bad("file must be non-empty")
		case up && kind == "photo" && len(a[kind]) > 10<<20, up && len(a[kind]) > 50<<20:
			return nil, &apiError{code: 413, text: "Request Entity Too Large"}
		case up:
			f = s.take(&File{Kind: kind, Name: name, Data: []byte(a[kind])})
		case f == nil || f.gone:
			return nil, bad("wrong file identifier/HTTP URL specified")
		case f.Kind != kind:
			return nil, bad("can't use file of type %s as %s", f.Kind, kind)
		}
		m := &Message{Silent: a.bool("disable_notification"), At: time.Now(), File: f}
		if e := m.caption(a); e != nil {
			return nil, e
		}
		return s.say(c, m)
	}
}

// caption takes a caption, its entities and buttons from a request.
func (m *Message) caption(a args) *apiError {
	text := a["caption"]
	switch {
	case a["parse_mode"] != "":
		return bad("can't parse entities: this server knows no parse mode")
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		return bad("strings must be encoded in UTF-8")
	case length(text) > 1024:
		return bad("message caption is too long")
	}
	return m.set(a, "caption_entities", text)
}

func (s *Server) editMessageCaption(a args) (any, *apiError) {
	c, m, e := s.own(a, "edit")
	switch {
	case e != nil:
		return nil, e
	case m.File == nil:
		return nil, bad("there is no caption in the message to edit")
	}
	next := &Message{ID: m.ID, Silent: m.Silent, At: m.At, Edited: m.Edited, File: m.File}
	if e := next.caption(a); e != nil {
		return nil, e
	}
	return s.edit(c, m, next)
}

func (s *Server) getChatMemberCount(a args) (any, *apiError) {
	c, e := s.writable(a)
	if e != nil {
		return nil, e
	}
	return len(c.people) + 1, nil
}

func (s *Server) getFile(a args) (any, *apiError) {
	f := s.files[strings.TrimSuffix(a["file_id"], "-small")]
	switch {
	case f == nil || f.gone:
		return nil, bad("wrong file_id or the file is temporarily unavailable")
	case f.size() > mostFetched:
		return nil, bad("file is too big")
	}
	return map[string]any{"file_id": f.id, "file_unique_id": "u" + f.id, "file_size": f.size(), "file_path": "files/" + f.id}, nil
}

// download gives out a file. Its faults are those of "download".
func (s *Server) download(w http.ResponseWriter, path string) {
	fault := s.called("download")
	if fault.before(w) {
		return
	}
	s.mu.Lock()
	f := s.files[strings.TrimPrefix(path, "files/")]
	gone := f == nil || f.gone
	s.mu.Unlock()
	if gone {
		http.Error(w, "Not Found", http.StatusNotFound)
		return
	}
	fault.then(w, func(w http.ResponseWriter) { _, _ = w.Write(f.Data) })
}
