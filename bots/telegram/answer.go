package telegram

import (
	"context"
	"strconv"

	tg "github.com/go-telegram/bot"

	"attune/bots"
	"attune/rituals"
)

const (
	maxToast  = 200 // characters that Telegram shows beside a button
	readToast = 80  // characters that can be read before a toast goes away
)

// answer shows an answer, in the background and once: its loss harms nothing. A tap
// is answered even if there is nothing to show, or its button would seem stuck.
func (in *intake) answer(i incoming, a rituals.Answer) {
	text := shorten(bots.Clean(a.Text), maxToast)
	if i.callback == "" && (bots.Blank(text) || !i.event.Private) {
		return
	}
	select {
	case in.b.answers <- struct{}{}:
	default:
		in.b.log.Warn("answer dropped, too many are under way", "event", i.event.ID)
		return
	}
	in.wg.Go(func() {
		defer func() { <-in.b.answers }()
		in.b.guard("answer", func() { in.b.show(in.work, i, text) })
	})
}

// show shows text beside the button that was tapped, or in the chat.
func (b *Bot) show(ctx context.Context, i incoming, text string) {
	var err error
	if i.callback != "" {
		_, err = b.api.AnswerCallbackQuery(ctx, &tg.AnswerCallbackQueryParams{
			CallbackQueryID: i.callback,
			Text:            text,
			ShowAlert:       bots.Units(text) > readToast,
		})
		if says(err, "query is too old", "query_id_invalid", "query id is invalid") {
			err = nil
		}
	} else {
		var chat int64
		if chat, err = strconv.ParseInt(i.event.Chat.Chat, 10, 64); err != nil {
			return
		}
		_, err = b.api.SendMessage(ctx, &tg.SendMessageParams{ChatID: chat, Text: text, LinkPreviewOptions: noPreview()})
	}
	if err != nil {
		b.log.Info("answer not shown", "event", i.event.ID, "err", b.classify(err))
	}
}

// shorten returns s in at most limit UTF-16 units.
func shorten(s string, limit int) string {
	if bots.Units(s) <= limit {
		return s
	}
	return s[:cut(s, limit-1)] + "…"
}
