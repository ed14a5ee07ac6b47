package store

import (
	"slices"

	"attune/rituals"
)

// What was written, as it would be read: instants in whole milliseconds, lists
// without elements as nil, versions one higher. Nothing is shared with the change.

func wroteMember(m *rituals.Member) rituals.Member {
	w := *m
	w.Agreed, w.Asked.At = instant(m.Agreed), instant(m.Asked.At)
	w.Private = copyList(m.Private)
	w.Version++
	return w
}

func wroteCouple(c *rituals.Couple) rituals.Couple {
	w := *c.Clone()
	w.Since, w.Ended, w.Offered = instant(c.Since), instant(c.Ended), instant(c.Offered)
	w.Bonds, w.Settings, w.Proposals = copyList(c.Bonds), copyList(c.Settings), copyList(c.Proposals)
	w.Cards, w.Told = copyList(c.Cards), copyList(c.Told)
	for i := range w.Bonds {
		b := &w.Bonds[i]
		b.Joined, b.RestUntil = instant(b.Joined), instant(b.RestUntil)
	}
	w.Version++
	return w
}

func wroteWalks(ws []rituals.Walk) []rituals.Walk {
	ws = copyList(ws)
	for i := range ws {
		ws[i].Opens, ws[i].Closes = instant(ws[i].Opens), instant(ws[i].Closes)
		ws[i].Cards = copyList(ws[i].Cards)
	}
	return ws
}

func wroteTalk(t *rituals.Talk) *rituals.Talk {
	if t == nil {
		return nil
	}
	w := *t
	w.Order = copyList(t.Order)
	return &w
}

func wroteReply(r *rituals.Reply) rituals.Reply {
	w := *r
	w.Words, w.At = copyList(r.Words), instant(r.At)
	return w
}

// copyList returns a copy without spare room, so that appending to it touches
// nothing that is shared.
func copyList[T any](l []T) []T {
	if len(l) == 0 {
		return nil
	}
	return slices.Clip(slices.Clone(l))
}

// cloneState returns a copy that shares nothing with st but definitions, which
// never change.
func cloneState(st *rituals.State) *rituals.State {
	c := *st
	c.Members = copyList(st.Members)
	for i := range c.Members {
		c.Members[i].Private = copyList(c.Members[i].Private)
	}
	c.Couple = *st.Couple.Clone()
	c.CheckIns = copyList(st.CheckIns)
	for i := range c.CheckIns {
		k := &c.CheckIns[i]
		k.Walks, k.Replies, k.Talk = copyList(k.Walks), copyList(k.Replies), wroteTalk(k.Talk)
		for j := range k.Walks {
			k.Walks[j].Cards = copyList(k.Walks[j].Cards)
		}
		for j := range k.Replies {
			k.Replies[j].Words = copyList(k.Replies[j].Words)
		}
	}
	return &c
}
