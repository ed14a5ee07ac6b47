package host

import (
	"context"
	"encoding/base64"
	"io"
	"time"

	"attune/rituals"
)

// inviteFor is how long an invitation can be used.
const inviteFor = 7 * 24 * time.Hour

// newCode returns 128 random bits as 22 characters that may stand in a link.
func newCode(random io.Reader) (string, error) {
	var b [16]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(b[:]), nil
}

// An invitation is an invite that may be used by who holds it, and the couple it
// leads to.
type invitation struct {
	invite rituals.Invite
	state  rituals.State
}

// invitation looks up what a code leads to; nil while it is looked up, or if the
// code cannot be used.
func (d *decision) invitation(code string) *invitation {
	if code == "" || len(code) > 64 {
		return nil
	}
	v, ok := find(d, "invite/"+code, func(ctx context.Context, r Reader, s Store) (*invitation, error) {
		i, err := r.Invite(ctx, code)
		if err != nil {
			return nil, err
		}
		state, err := s.LoadCouple(ctx, i.Couple)
		if err != nil {
			return nil, err
		}
		return &invitation{i, state}, nil
	})
	if !ok || v == nil {
		return nil
	}
	return v
}

// open reports whether somebody can join with it.
func (i *invitation) open(now time.Time) bool {
	return i.invite.Usable(now) && i.state.Couple.Ended.IsZero()
}

// invite opens a new invitation in place of the one there may be.
func (d *decision) invite() {
	d.revoke()
	i := rituals.Invite{Code: d.code(), Couple: d.s.Couple.ID, By: d.me.ID, Until: d.now.Add(inviteFor)}
	d.s.Couple.Invite = i.Code
	d.c.Invites = append(d.c.Invites, i)
	d.touchCouple()
}

// openInvite returns the couple's invitation, or nil if none can be used.
func (d *decision) openInvite() *rituals.Invite {
	if inv := d.invitation(d.s.Couple.Invite); inv != nil && inv.invite.Usable(d.now) {
		return &inv.invite
	}
	return nil
}

// revoke ends the invitation that is open, if there is one.
func (d *decision) revoke() {
	if i := d.openInvite(); i != nil {
		gone := *i
		gone.Revoked = true
		d.c.Invites = append(d.c.Invites, gone)
	}
	d.s.Couple.Invite = ""
	d.touchCouple()
}

// sayInvite shows the link to who invites, with a message ready to send.
func (d *decision) sayInvite() {
	v := d.voice(d.me)
	code := d.s.Couple.Invite
	blocks := append(paragraphs(v.Say("invite")), rituals.Block{Kind: rituals.Link, Text: code})
	blocks = append(blocks, rituals.Block{Kind: rituals.Scan, Text: code})
	if d.codes {
		blocks = append(blocks, rituals.Para(v.Say("invite.code", "code", code)))
	}
	d.say(d.me, rituals.Message{Blocks: blocks, Choices: [][]rituals.Choice{
		{{Label: v.Say("invite.share"), Share: &rituals.Share{Code: code, Text: v.Say("invite.text")}}},
		{{Label: v.Say("invite.new"), Action: action(doInvite, "new")},
			{Label: v.Say("invite.withdraw"), Action: action(doInvite, "withdraw")}},
	}})
}

// invitesTap settles the buttons under an invitation.
func (d *decision) invitesTap(a parsedAction) {
	v := d.voice(d.me)
	switch {
	case d.s.Couple.Complete() || d.s.Couple.ID == 0:
		d.toast(v.Say("passed"))
	case a.arg(0) == "new":
		d.invite()
		d.sayInvite()
	default:
		d.revoke()
		d.tell(d.me, v.Say("invite.withdrawn"))
	}
}
