package discord

import (
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"

	"golang.org/x/time/rate"

	"github.com/bwmarrin/discordgo"

	"attune/bots"
	"attune/rituals"
)

const (
	pageSize     = 100 // messages fetched at once; Discord gives no more
	maxPages     = 50  // of one chat
	catchUpRate  = 25  // chats a second; the other half of what Discord allows is for messages
	marksKeptFor = 2 * time.Second
)

// catchUp fetches, at every session's beginning, what was written while nobody
// listened. Chats in which somebody writes meanwhile need not wait for their turn.
func (in *intake) catchUp() {
	pace := rate.NewLimiter(catchUpRate, catchUpRate)
	for {
		select {
		case <-in.pass:
		case <-in.ctx.Done():
			return
		}
		debug.FreeOSMemory() // a session has just begun: all channels were read for it
		for more := true; more; more = in.next() {
			if pace.Wait(in.ctx) != nil {
				return
			}
		}
		debug.FreeOSMemory() // many answers were read, and the box may be a small one
	}
}

// next starts the lane of a chat of which something may have been missed, and reports
// whether there was one that had none. It takes any: in a loop of crashes, no chat may
// always be one of the last.
func (in *intake) next() bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	for chat := range in.behind {
		if in.lanes[chat] == nil {
			in.lane(chat)
			return true
		}
	}
	return false
}

// keepMarks writes down how far each chat was settled, soon after it was.
func (in *intake) keepMarks() {
	for {
		select {
		case <-in.b.book.changed:
		case <-in.ctx.Done():
			return
		}
		if !bots.Pause(in.ctx, marksKeptFor) {
			return
		}
		if err := in.b.book.flush(in.ctx); err != nil && in.ctx.Err() == nil && !errors.Is(err, rituals.ErrUnwritable) {
			in.b.log.Warn("marks not kept", "err", err)
		}
	}
}

// fetch fetches what was written or changed in a chat since it was last settled.
func (in *intake) fetch(l *lane) error {
	seen, err := in.b.book.mark(in.work, l.chat)
	if err != nil {
		return err
	}
	var all []message
	if seen.message != 0 {
		all, err = in.since(l.chat, seen.message)
	}
	var gone *bots.GoneError
	if errors.As(err, &gone) {
		in.b.log.Info("chat not caught up", "chat", l.chat, "err", err)
		all, err = nil, nil
	}
	if err != nil {
		return err
	}
	var fetched []incoming
	for i := range all {
		m := &all[i]
		m.Channel = l.chat
		w, ok := wrote(m)
		fresh := ok && w.message > seen.message
		if fresh {
			fetched = append(fetched, w)
		}
		// What is fetched as fresh may have been settled, in the words it had then, by a
		// process that was killed before it noted so.
		if e, ok := edited(m); ok && (fresh || e.edited > seen.edited) {
			fetched = append(fetched, e)
		}
	}
	in.merge(l, fetched)
	return nil
}

// since returns the messages of a chat after one, and some of those before it,
// because they may have been changed. Nearly always one page holds all of them.
func (in *intake) since(chat string, after uint64) ([]message, error) {
	all, err := in.page(chat, "")
	if least, _ := ends(all); err != nil || len(all) < pageSize || least <= after {
		return all, err
	}
	all, err = in.page(chat, "&before="+strconv.FormatUint(after+1, 10))
	for n := 0; n < maxPages && err == nil; n++ {
		var next []message
		next, err = in.page(chat, "&after="+strconv.FormatUint(after, 10))
		all = append(all, next...)
		_, most := ends(next)
		if len(next) < pageSize || most <= after {
			break
		}
		after = most
	}
	return all, err
}

// page returns some messages of a chat: the last ones, or those next to another.
func (in *intake) page(chat, where string) ([]message, error) {
	address := discordgo.EndpointChannelMessages(chat) + "?limit=" + strconv.Itoa(pageSize) + where
	var all page
	err := in.b.callOnce(in.work, http.MethodGet, address, nil, &all)
	return all, err
}

// A page is some messages of a chat. One that cannot be decoded counts, but holds
// nothing beside its id: it must not keep the others back.
type page []message

// UnmarshalJSON decodes the messages one by one.
func (p *page) UnmarshalJSON(data []byte) error {
	var all []json.RawMessage
	if err := json.Unmarshal(data, &all); err != nil {
		return err
	}
	*p = make(page, len(all))
	for i, raw := range all {
		m := &(*p)[i]
		if json.Unmarshal(raw, m) != nil {
			var only struct {
				ID string `json:"id"`
			}
			_ = json.Unmarshal(raw, &only) // without an id it comes before all others
			*m = message{ID: only.ID}
		}
	}
	return nil
}

// ends returns the ids of the first and the last of messages that come in any
// order.
func ends(all []message) (least, most uint64) {
	least = math.MaxUint64
	for _, m := range all {
		id, _ := strconv.ParseUint(m.ID, 10, 64) // 0, which is before all, if it is none
		least, most = min(least, id), max(most, id)
	}
	return least, most
}
