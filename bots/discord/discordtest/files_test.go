package discordtest

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
)

func TestFiles(t *testing.T) {
	inBubble(t, func(t *testing.T, s *Server, c *client, alex, _ *User) {
		id := alex.Speak([]byte("la la"), 3*time.Second)
		m, err := c.ChannelMessage(alex.Channel(), id)
		if err != nil || len(m.Attachments) != 1 || m.Attachments[0].DurationSecs != 3 || m.Flags&discordgo.MessageFlagsIsVoiceMessage == 0 {
			t.Fatalf("ChannelMessage: got %+v, %v, want a voice message of 3 s", m, err)
		}
		fetch := func() string {
			resp, err := c.Client.Get(m.Attachments[0].URL)
			if err != nil {
				return err.Error()
			}
			defer resp.Body.Close()
			raw, err := io.ReadAll(resp.Body)
			if err != nil || resp.StatusCode != 200 {
				return fmt.Sprint(resp.StatusCode, err)
			}
			return string(raw)
		}
		if got := fetch(); got != "la la" {
			t.Errorf("download: got %q, want la la", got)
		}
		time.Sleep(linkLife + time.Minute)
		if got := fetch(); got != "404 <nil>" {
			t.Errorf("download a day later: got %q, want 404", got)
		}
		if m, err = c.ChannelMessage(alex.Channel(), id); err != nil || fetch() != "la la" {
			t.Errorf("download from an address asked for anew: got %q, %v, want la la", fetch(), err)
		}
		s.Lose(alex.Channel(), id)
		if got := fetch(); got != "404 <nil>" {
			t.Errorf("download of what is lost: got %q, want 404", got)
		}
		for size, want := range map[int]int{1: 0, 10*megabyte + 1: 40005} {
			_, err := c.ChannelFileSend(alex.Channel(), "sea.jpg", bytes.NewReader(make([]byte, size)))
			if got := code(t, err); got != want {
				t.Errorf("a file of %d bytes: got %d, want %d", size, got, want)
			}
		}
	})
}

// TestPictures lets Alex attach two pictures, of which the bot fetches one, and shows
// that nobody but Discord can make an address.
func TestPictures(t *testing.T) {
	inBubble(t, func(t *testing.T, s *Server, c *client, alex, _ *User) {
		told := make(chan *discordgo.Message, 1)
		c.AddHandler(func(_ *discordgo.Session, m *discordgo.MessageCreate) { told <- m.Message })
		id := alex.Attach("the sea", &File{Name: "sea 1.jpg", Type: "image/jpeg", Data: []byte("blue")}, &File{Name: "b.png", Type: "image/png", Data: []byte("green")})
		m := <-told
		if m.ID != id || len(m.Attachments) != 2 || m.Flags != 0 {
			t.Fatalf("message: got %+v, want two pictures", m)
		}
		a, b := m.Attachments[0], m.Attachments[1]
		if a.Filename != "sea 1.jpg" || a.ContentType != "image/jpeg" || a.Size != 4 || a.ID == "" || a.ID == b.ID || b.Size != 5 {
			t.Errorf("attachments: got %+v and %+v, want both as they were attached", a, b)
		}
		address := func(old, with string) string { return strings.Replace(a.URL, old, with, 1) }
		ex := a.URL[strings.Index(a.URL, "ex=")+3 : strings.Index(a.URL, "&is=")]
		for name, row := range map[string]struct{ url, want string }{
			"as it was told":     {a.URL, "200 blue"},
			"without a mark":     {a.URL[:strings.Index(a.URL, "?")], "404"},
			"with a later end":   {address("ex="+ex, "ex=f"+ex), "404"},
			"with another mark":  {address("&hm=", "&hm=0"), "404"},
			"of another picture": {address(a.ID, b.ID), "404"},
		} {
			resp, err := c.Client.Get(row.url)
			if err != nil {
				t.Fatal(err)
			}
			raw, err := io.ReadAll(resp.Body)
			_ = resp.Body.Close()
			if got := fmt.Sprintf("%d %s", resp.StatusCode, raw); err != nil || !strings.HasPrefix(got, row.want) {
				t.Errorf("download %s: got %s, %v, want %s", name, got, err, row.want)
			}
		}
		time.Sleep(time.Hour)
		if again, err := c.ChannelMessage(alex.Channel(), id); err != nil || again.Attachments[0].ID != a.ID || again.Attachments[0].URL == a.URL {
			t.Errorf("ChannelMessage: got %+v, %v, want the same picture at another address", again, err)
		}
	})
}

// upload sends a message of JSON with files of a type, and returns the refusal.
func upload(t *testing.T, s *Server, channel, body, kind string, files ...string) int {
	t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	if err := form.WriteField("payload_json", body); err != nil {
		t.Fatal(err)
	}
	for i, data := range files {
		part, err := form.CreatePart(textproto.MIMEHeader{
			"Content-Disposition": {fmt.Sprintf(`form-data; name="files[%d]"; filename="file%d"`, i, i)}, "Content-Type": {kind},
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(part, data); err != nil {
			t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, api+"/channels/"+channel+"/messages", &b)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bot "+secret)
	req.Header.Set("Content-Type", form.FormDataContentType())
	_, got := answered(s.Transport(), req)
	return got
}

// TestUploads sends files to Alex. Those that come are read back.
func TestUploads(t *testing.T) {
	big := strings.Repeat("a", 9*megabyte)
	const voice = `{"flags":8192,"attachments":[{"id":"0","filename":"voice.ogg","duration_secs":3.5,"waveform":"AAAA"}]}`
	tests := []struct {
		name, body, kind string
		files            []string
		code             int
		want             string // name, length and duration of each
	}{
		{"a picture", `{"content":"a"}`, "image/png", []string{"blue"}, 0, "file0 4 0"},
		{"a picture that is named", `{"attachments":[{"id":"0","filename":"sea.png"}]}`, "image/png", []string{"blue"}, 0, "sea.png 4 0"},
		{"two, named by number", `{"attachments":[{"id":1,"filename":"b.png"},{"id":0,"filename":"a.png"}]}`, "image/png", []string{"a", "bb"}, 0, "a.png 1 0, b.png 2 0"},
		{"one too large", `{}`, "image/png", []string{big + big}, 40005, ""},
		{"too large together", `{}`, "image/png", []string{big, big, big}, 40005, ""},
		{"eleven", `{}`, "image/png", strings.Split(strings.Repeat("a ", 11), " ")[:11], 50035, ""},
		{"a voice", voice, "audio/ogg", []string{"la"}, 0, "voice.ogg 2 3.5"},
		{"a voice without its shape", `{"flags":8192,"attachments":[{"id":"0","duration_secs":3.5}]}`, "audio/ogg", []string{"la"}, 50161, ""},
		{"a voice without its length", `{"flags":8192}`, "audio/ogg", []string{"la"}, 50161, ""},
		{"a voice that is a picture", voice, "image/png", []string{"la"}, 50160, ""},
		{"two voices", voice, "audio/ogg", []string{"la", "la"}, 50160, ""},
		{"a voice with words", strings.Replace(voice, "{", `{"content":"hm",`, 1), "audio/ogg", []string{"la"}, 50159, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := New(secret, app)
			alex := s.User("2001", "Alex", "en-US").Install()
			if got := upload(t, s, alex.Channel(), tt.body, tt.kind, tt.files...); got != tt.code {
				t.Errorf("upload: got %d, want %d", got, tt.code)
			}
			var got []string
			for _, m := range alex.Sees() {
				for _, f := range m.Files {
					got = append(got, fmt.Sprint(f.Name, " ", len(f.Data), " ", f.Duration))
				}
			}
			if got := strings.Join(got, ", "); got != tt.want {
				t.Errorf("files: got %q, want %q", got, tt.want)
			}
		})
	}
}
