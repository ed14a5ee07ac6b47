package discordtest

import (
	"slices"
	"time"
	"unicode/utf8"
)

const (
	mostInThread = 1000 // members, the bot among them
	mostCounted  = 50   // members that a thread tells of
	aWeek        = 10080
)

// startThread makes a thread that only those can read who are added to it.
func (s *Server) startThread(q *request) (any, *apiError) {
	p, e := s.place(q)
	if e != nil {
		return nil, e
	}
	t := &place{kind: privateThread, guild: p.guild, parent: p, readers: []string{}, quiet: aWeek, invites: true}
	var kind int
	for field, v := range map[string]any{"type": &kind, "auto_archive_duration": &t.quiet, "invitable": &t.invites} {
		if e := q.decode(field, v); e != nil {
			return nil, e
		}
	}
	t.name = q.text("name")
	switch n := utf8.RuneCountInString(t.name); {
	case p.kind != guildText:
		return nil, wrongChannelType
	case n == 0 || n > 100:
		return nil, invalid("name", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
	case kind != privateThread:
		return nil, invalid("type", "BASE_TYPE_CHOICES", "This server knows private threads only: {12}.")
	case !slices.Contains([]int{60, 1440, 4320, aWeek}, t.quiet):
		return nil, invalid("auto_archive_duration", "BASE_TYPE_CHOICES", "Value must be one of {60, 1440, 4320, 10080}.")
	}
	if e := p.permits(CreatePrivateThreads); e != nil {
		return nil, e
	}
	t.id, t.moved = s.id(), time.Now()
	s.places[t.id] = t
	p.guild.places = append(p.guild.places, t)
	s.tell("THREAD_CREATE", intentGuilds, func(int) any {
		w := s.wirePlace(t)
		w["newly_created"] = true
		return w
	})
	s.tellMembers(t, intentGuilds, []string{s.app}, nil)
	return s.wirePlace(t), nil
}

// in reports whether somebody, or the bot, is in a thread.
func (s *Server) in(t *place, id string) bool { return id == s.app || slices.Contains(t.readers, id) }

// enter lets a person into a thread, of which everybody there is told by a message.
func (s *Server) enter(t *place, who *person, by string) {
	if s.in(t, who.id) {
		return
	}
	t.readers = append(t.readers, who.id)
	s.tellMembers(t, intentMembers, []string{who.id}, nil)
	s.say(t, &Message{From: by, joined: who})
}

// exit lets a person out of a thread, who may go without a word.
func (s *Server) exit(t *place, id string) {
	if slices.Contains(t.readers, id) {
		t.readers = without(t.readers, id)
		s.tellMembers(t, intentMembers, nil, []string{id})
	}
}

// tellMembers tells who has come into a thread and who has gone. Without the privileged
// intent a bot hears so of itself only.
func (s *Server) tellMembers(t *place, need int, came, went []string) {
	s.tell("THREAD_MEMBERS_UPDATE", need, func(int) any {
		w := map[string]any{"id": t.id, "guild_id": t.guild.id, "member_count": t.count()}
		if len(came) > 0 {
			w["added_members"] = []any{t.wireIn(came[0])}
		}
		if len(went) > 0 {
			w["removed_member_ids"] = went
		}
		return w
	})
}

// count returns how many are in a thread, as far as Discord counts.
func (p *place) count() int { return min(len(p.readers)+1, mostCounted) }

// wireIn returns that somebody is in a thread as Discord tells of it.
func (p *place) wireIn(id string) map[string]any {
	return map[string]any{"id": p.id, "user_id": id, "join_timestamp": "2026-01-01T00:00:00Z", "flags": 0}
}

// thread returns the thread that a request names, and the id of somebody: "@me" is the
// bot's.
func (s *Server) thread(q *request) (t *place, id string, e *apiError) {
	p, e := s.place(q)
	switch {
	case e != nil:
		return nil, "", e
	case p.kind != privateThread:
		return nil, "", wrongChannelType
	}
	if id = q.path("user"); id == "@me" {
		id = s.app
	}
	return p, id, nil
}

func (s *Server) addToThread(q *request) (any, *apiError) {
	t, id, e := s.thread(q)
	if e != nil {
		return nil, e
	}
	who := s.people[id]
	switch {
	case t.archived:
		return nil, archived
	case id == s.app:
		return nil, nil
	case who == nil:
		return nil, unknownUser
	case !t.parent.sees(id): // who cannot see the channel cannot see its threads
		return nil, missingAccess
	case !s.in(t, id) && len(t.readers)+1 >= mostInThread:
		return nil, &apiError{status: 400, code: 30033, text: "Maximum number of thread participants has been reached (1000)"}
	}
	if e := t.permits(SendInThreads); e != nil {
		return nil, e
	}
	s.enter(t, who, s.app)
	return nil, nil
}

// removeFromThread lets the bot send somebody out of a thread, which it may because
// it has made it.
func (s *Server) removeFromThread(q *request) (any, *apiError) {
	t, id, e := s.thread(q)
	switch {
	case e != nil:
		return nil, e
	case t.archived:
		return nil, archived
	case !slices.Contains(t.readers, id):
		return nil, unknownMember
	}
	s.exit(t, id)
	s.say(t, &Message{From: s.app, removed: s.people[id]})
	return nil, nil
}

// getThreadMember tells whether one person is in a thread, which any bot may ask.
func (s *Server) getThreadMember(q *request) (any, *apiError) {
	t, id, e := s.thread(q)
	switch {
	case e != nil:
		return nil, e
	case !s.in(t, id):
		return nil, unknownMember
	}
	return t.wireIn(id), nil
}

// listThreadMembers refuses: without a privileged intent a bot cannot ask who is in
// a thread. What it can see is how many there are.
func (s *Server) listThreadMembers(q *request) (any, *apiError) {
	t, _, e := s.thread(q)
	switch {
	case e != nil:
		return nil, e
	case s.granted&intentMembers == 0:
		return nil, missingAccess
	}
	list := []any{t.wireIn(s.app)}
	for _, id := range t.readers {
		list = append(list, t.wireIn(id))
	}
	return list, nil
}

// listThreads returns the threads of a guild that were not put away.
func (s *Server) listThreads(q *request) (any, *apiError) {
	g, e := s.guild(q)
	if e != nil {
		return nil, e
	}
	list, members := []any{}, []any{}
	for _, t := range g.threads() {
		list, members = append(list, s.wirePlace(t)), append(members, t.wireIn(s.app))
	}
	return map[string]any{"threads": list, "members": members}, nil
}

// threads returns the threads of a guild that the bot can read and that were not put
// away.
func (g *Guild) threads() []*place {
	var all []*place
	for _, p := range g.places {
		if p.kind == privateThread && !p.over() && !p.archived && p.permits(0) == nil {
			all = append(all, p)
		}
	}
	return all
}

// editThread puts a thread away or takes it out again, which who has made it may do.
func (s *Server) editThread(q *request) (any, *apiError) {
	t, _, e := s.thread(q)
	away := false
	switch {
	case e != nil:
		return nil, e
	case t.locked:
		return nil, missingPermissions
	}
	if e := q.decode("archived", &away); e != nil {
		return nil, e
	}
	s.archive(t, away)
	return s.wirePlace(t), nil
}

// Archived reports whether a thread was put away.
func (s *Server) Archived(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.places[id].archived
}

// deleteChannel takes away a thread, which takes [ManageThreads] even of who has made
// it.
func (s *Server) deleteChannel(q *request) (any, *apiError) {
	p, e := s.place(q)
	switch {
	case e != nil:
		return nil, e
	case p.kind == directMessage:
		return s.wirePlace(p), nil // closed, and open again with the next message
	case p.kind != privateThread:
		return nil, missingPermissions
	}
	if e := p.permits(ManageThreads); e != nil {
		return nil, e
	}
	s.end(p)
	return s.wirePlace(p), nil
}
