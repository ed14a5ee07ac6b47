package host

import (
	"strconv"
	"strings"
)

// Actions are what a button carries: a verb and ids, joined by colons, at most
// 64 bytes. They hold no authority: that comes from who tapped.
const (
	doAnswer   = "answer"   // check-in, step, option
	doSkip     = "skip"     // check-in, step
	doAll      = "all"      // check-in: that's all
	doBack     = "back"     // check-in, option: one-tap reply to what opened
	doChange   = "change"   // check-in[, step]
	doMine     = "mine"     // check-in[, step]: just for me
	doTake     = "take"     // check-in, step: take back
	doOwn      = "own"      // check-in, send|keep|delete: words that did not open
	doForm     = "form"     // check-in[, step, option]: the questions of a stage at once
	doSee      = "see"      // check-in: one's own answers
	doTalk     = "talk"     // check-in, pause|skip|…, how far the talk was, option, when the step ends
	doGive     = "give"     // check-in, send|not: what one gives, after the last look
	doCard     = "card"     // check-in, step[, how many there were[, mark]]: another card
	doTick     = "tick"     // check-in, step, option|-[, mark]: tick it, or the other way round
	doCards    = "cards"    // what: the cards that are drawn
	doMorning  = "morning"  // check-in, on|off: open it in the morning
	doFeel     = "feel"     // check-in, step[, number of the family and the word, event of the first]: feeling words
	doMirror   = "mirror"   // check-in, member: say back what was heard
	doHeard    = "heard"    // check-in, member, option: whether that is it
	doHere     = "here"     // here|room|off: where rituals are kept
	doHome     = "home"     // to|only|move|drop, platform, person: where one is reached
	doHeld     = "held"     // held id, send|drop
	doPage     = "page"     // [code]: the one page
	doYes      = "yes"      // [code]
	doNo       = "no"       // [code]
	doInvite   = "invite"   // new|withdraw
	doZone     = "zone"     // same|other|hour|set, value
	doSettings = "settings" // what
	doTime     = "time"     // ritual[, HHMM|off|on]
	doPropose  = "propose"  // proposal id, good|keep
	doLanguage = "language" // code
	doRest     = "rest"     // tonight|week|until
	doLess     = "less"     // mornings|weekly|rest|same
	doReturn   = "return"   // 20m|1h|tonight|tomorrow, when asked, check-in; or here, instant; or other, check-in
	doNotes    = "notes"    // page
	doLeave    = "leave"    // keep|delete|stay
	doDiffers  = "differs"  // check-in: what was changed on the server
	doShare    = "share"    // check-in[, step]: what one wrote for oneself
	doAlone    = "alone"    // [ritual, on|off]: what is for one alone
	doBegin    = "begin"    // ritual
	doOffer    = "offer"    // proposal, ritual, yes|no|day[, weekday]: what both were offered
	doForget   = "forget"   // yes|no
	doClear    = "clear"    // key of the message to take away
)

// action joins a verb and its arguments.
func action(verb string, args ...string) string {
	return strings.Join(append([]string{verb}, args...), ":")
}

// id writes an id short enough for actions and keys.
func id[T ~int64](n T) string { return strconv.FormatInt(int64(n), 36) }

// parseID reads what id wrote; 0 if it is none.
func parseID[T ~int64](s string) T {
	n, err := strconv.ParseInt(s, 36, 64)
	if err != nil {
		return 0
	}
	return T(n)
}

// A parsedAction is a tapped button, taken apart.
type parsedAction struct {
	verb string
	args []string
}

func parseAction(s string) parsedAction {
	parts := strings.Split(s, ":")
	return parsedAction{verb: parts[0], args: parts[1:]}
}

// arg returns the i-th argument, or "".
func (a parsedAction) arg(i int) string {
	if i < len(a.args) {
		return a.args[i]
	}
	return ""
}
