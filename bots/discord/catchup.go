package discord

import (
	"errors"
	"maps"
	"math"
	"net/http"
	"slices"
	"strconv"
	"time"

	"golang.org/x/time/rate"

	"github.com/bwmarrin/discordgo"

	"attune/bots"
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
		in.mu.Lock()
		chats := slices.Sorted(maps.Keys(in.behind))
		in.mu.Unlock()
		for _, chat := range chats {
			if pace.Wait(in.ctx) != nil {
				return
			}
			in.mu.Lock()
			if in.behind[chat] {
				in.lane(chat)
			}
			in.mu.Unlock()
		}
	}
}

// keepMarks writes down how far each chat was settled, soon after it was.
func (in *intake) keepMarks() {
	for {
		select {
		case <-in.b.book.changed:
		case <-in.ctx.Done():
			return
		}
		if !pause(in.ctx, marksKeptFor) {
			return
		}
		if err := in.b.book.flush(in.ctx); err != nil && in.ctx.Err() == nil {
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
		if w, ok := wrote(m); ok && w.message > seen.message {
			fetched = append(fetched, w)
		} else if e, ok := edited(m); ok && e.edited > seen.edited {
			fetched = append(fetched, e)
		}
	}
	in.merge(l, fetched)
	return nil
}

// since returns the messages of a chat after one, and before it those that were
// last written, because they may have been changed.
func (in *intake) since(chat string, after uint64) ([]message, error) {
	address := discordgo.EndpointChannelMessages(chat) + "?limit=" + strconv.Itoa(pageSize)
	var all []message
	if err := in.b.call(in.work, http.MethodGet, address, nil, &all); err != nil {
		return nil, err
	}
	least, _ := ends(all)
	if len(all) < pageSize || least <= after {
		return all, nil
	}
	for range maxPages {
		var page []message
		if err := in.b.call(in.work, http.MethodGet, address+"&after="+strconv.FormatUint(after, 10), nil, &page); err != nil {
			return nil, err
		}
		all = append(all, page...)
		_, most := ends(page)
		if len(page) < pageSize || most <= after {
			break
		}
		after = most
	}
	return all, nil
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
