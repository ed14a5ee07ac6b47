package rituals

// A MediaKind says what somebody sent beside words.
type MediaKind string

// The kinds of media that can be an answer.
const (
	Picture MediaKind = "picture"
	Voice   MediaKind = "voice"
)

// A Media is a picture or a voice message. It stays where it was sent and is kept
// by name only: never by an address on the web, which would end, and would open it
// for whoever has it.
type Media struct {
	Kind     MediaKind `json:"kind"`
	Platform Platform  `json:"platform"`
	File     string    `json:"file"` // by which its platform's adapter finds it; opaque to all others
	Name     string    `json:"name,omitempty"`
	Type     string    `json:"type,omitempty"`    // MIME type
	Size     int64     `json:"size,omitempty"`    // bytes; 0: not known
	Seconds  int       `json:"seconds,omitempty"` // of a voice message
}

// What platforms let a bot fetch and send, in bytes.
const (
	MostFromTelegram = 20 * 1000 * 1000
	MostToTelegram   = 50 * 1000 * 1000
	MostToDiscord    = 10 << 20
)

// Most returns how large m may be, in bytes, to be carried to a platform; 0 is
// without a limit. On Telegram a file is passed on by its name alone.
func (m *Media) Most(to Platform) int64 {
	switch {
	case m.Platform == Telegram && to == Telegram:
		return 0
	case to == Discord:
		return MostToDiscord // less than Telegram gives out
	case m.Platform == Telegram:
		return MostFromTelegram
	case to == Telegram:
		return MostToTelegram
	}
	return 0
}

// Fits reports whether m can be carried to a platform, as far as its size is known.
func (m *Media) Fits(to Platform) bool {
	most := m.Most(to)
	return most == 0 || m.Size <= most
}
