package library

import (
	"fmt"
	"slices"

	"attune/rituals"
)

// A shape says how the value of a key is written.
type shape string

const (
	anID        shape = "id"             // a small letter, then up to 15 small letters, digits or dashes
	aText       shape = "text"           // a sentence, or one for each language
	anyText     shape = "text, or empty" // the same, but it may have nothing to say
	aLabel      shape = "plain text"     // a text in which nothing is filled in
	aCommand    shape = "word"           // a text of one word for each language
	anHour      shape = "time of day"    // in quotes
	aSchedule   shape = "schedule"       // five cron fields
	aLength     shape = "length of time" // in whole minutes
	seconds     shape = "length of time, to the second"
	aFlag       shape = "true or false"
	aCount      shape = "number" // from 0
	aWord       shape = "one of" // of the key's own words
	someSteps   shape = "steps"
	someOptions shape = "options"
	someAnswers shape = "answers" // of earlier steps, by step
	someCards   shape = "cards"
	someDecks   shape = "id, or several" // of decks
	someTones   shape = "tones"
)

// A key is something that can be written in a file. The tables of keys are what the
// loader reads by; the schemas for editors and the reference in README.md are made
// of them.
type key struct {
	name  string
	is    shape
	need  bool               // it cannot be left out
	kinds []rituals.StepKind // of steps that it is for; nil: all
	words []string           // what [aWord] may be
	about string             // what it means, in one sentence
}

// asked are the kinds of steps that ask something.
var asked = []rituals.StepKind{rituals.Ask, rituals.Mood, rituals.Choose, rituals.Draw, rituals.Check}

var ritualKeys = []key{
	{name: "id", is: anID, need: true, about: "The ritual's name. In a folder of your own, the same id takes the place of a ritual that comes with Attune."},
	{name: "title", is: aLabel, need: true, about: "What people call it."},
	{name: "about", is: aLabel, about: "What it is for, in a sentence."},
	{name: "command", is: aCommand, about: "What it is started by in a language, where that is not its id."},
	{name: "schedule", is: aSchedule, about: "When it comes, on a wall clock. Without it, a person starts it: `/id`."},
	{name: "clock", is: aWord, words: []string{string(rituals.ByCouple), string(rituals.ByMember)}, about: "Whose clock the schedule is read on: `couple` is one moment for all, in the couple's zone; `member` is the same time of day for each, where they are. If left out: `couple`."},
	{name: "window", is: aLength, about: "How long answers count, at most `24h` and never beyond 04:00. Every ritual needs it but one with `pairing`."},
	{name: "nudge", is: aLength, about: "After how long whoever has not begun is asked once more, gently. If left out, or `0`: never."},
	{name: "streak", is: aFlag, about: "Keeping it counts. Only for a ritual with a schedule."},
	{name: "reveal", is: aWord, words: []string{string(rituals.Together), string(rituals.Given), string(rituals.Never)}, about: "Whether answers open: `together` to all at once, when all have answered; `given` to the others, as soon as who started it has, who alone is asked; or `never`. If left out, a step that is `reveal` decides."},
	{name: "after", is: aCount, about: "It comes by itself once the couple has kept so many evenings. If left out: from the beginning."},
	{name: "off", is: aFlag, about: "It comes by itself only to couples that have switched it on."},
	{name: "look", is: aFlag, about: "With `reveal: given`: who gives looks at it once more and sends it."},
	{name: "instead", is: anID, about: "The ritual that does not come on a day on which this one does by its schedule."},
	{name: "private", is: aFlag, about: "Each keeps it alone who has switched it on: nothing of it opens, and nobody else is told."},
	{name: "pairing", is: aFlag, about: "Each member begins it on joining the couple."},
	{name: "follows", is: anID, about: "It comes by itself some time after that ritual was kept."},
	{name: "wait", is: aLength, about: "With `follows`: after how long, at most `720h`."},
	{name: "at", is: anHour, about: "With `follows`: at what time of day, on the couple's clock. If left out: `\"18:00\"`."},
	{name: "when", is: someAnswers, about: "With `follows`: only if all gave these answers."},
	{name: "steps", is: someSteps, need: true, about: "What it says and asks, in order: at most forty, twelve of them questions."},
}

// A stepKind is a kind of step: the key that holds its text, and what it does.
type stepKind struct {
	kind  rituals.StepKind
	about string
}

var stepKinds = []stepKind{
	{rituals.Say, "Says something; it comes with the next question."},
	{rituals.Ask, "Asks for words, a picture or a voice message."},
	{rituals.Mood, "Asks for one of the five faces; words may come with it. `when` knows them as `5`, the brightest, to `1`."},
	{rituals.Choose, "Asks for one of its `options`."},
	{rituals.Draw, "Draws a card from a `deck` and asks for words, a picture or a voice message. Its text stands above the card, and the answer opens below it. Twice a member can ask for another one, which changes the question of nobody else. No card comes again within 180 days; of a deck that is used up, the one drawn longest ago. In a private ritual each is dealt their own, and what one draws there does not count for anyone else."},
	{rituals.Check, "Asks for any number of its `options`, or of the cards of a `deck`, at most twenty."},
	{rituals.Timer, "A part of what all keep together, once all have chosen an option that is `act: together`: read at the same time on all phones, the length of `lasts`. Its text is for whoever speaks, and may be empty. Timed steps follow each other."},
	{rituals.Reveal, "Waits until all have arrived and opens the answers. Its text stands below them, and may be empty; its `options` are one-tap replies."},
	{rituals.Mirror, "After the reveal: whoever reads an answer that asks for it (`when`) can say back what they heard. `label` is the button."},
	{rituals.Heard, "After the mirror: whose answer it was is asked whether that is it, with `options`."},
}

// kinds are the names of the kinds of steps.
var kinds = func() []string {
	var names []string
	for _, k := range stepKinds {
		names = append(names, string(k.kind))
	}
	return names
}()

var stepKeys = append([]key{
	{name: "id", is: anID, need: true, about: "The step's name, within its ritual. Answers are kept under it."},
	{name: "options", is: someOptions, kinds: []rituals.StepKind{rituals.Ask, rituals.Choose, rituals.Check, rituals.Reveal, rituals.Heard, rituals.Timer, rituals.Say}, about: "What can be tapped; on `ask`, in place of words or with them."},
	{name: "when", is: someAnswers, kinds: []rituals.StepKind{rituals.Say, rituals.Ask, rituals.Mood, rituals.Choose, rituals.Draw, rituals.Check, rituals.Timer, rituals.Mirror, rituals.Heard}, about: "The step is left out unless earlier steps were answered so: `{ way: [message, hard], line: said }`. `said` is any answer in words. What hangs on an answer that stays its writer's own does not open."},
	{name: "skip", is: aLabel, kinds: asked, about: "The words on the button that passes the question over. On `mood`, `choose` and `check` there is such a button only with it."},
	{name: "label", is: aLabel, kinds: append(slices.Clone(asked), rituals.Mirror), about: "What stands before the answer when it opens; on `mirror`, the words on its button."},
	{name: "head", is: aText, kinds: []rituals.StepKind{rituals.Reveal}, about: "What stands above the answers."},
	{name: "same", is: aText, kinds: []rituals.StepKind{rituals.Reveal}, about: "Said in place of the answers if all gave the same one tap: `{answer}` is what it was."},
	{name: "aside", is: aFlag, kinds: asked, about: "The step is about how one takes part: its answer does not open, and does not count as one."},
	{name: "optional", is: aFlag, kinds: []rituals.StepKind{rituals.Ask}, about: "Leaving the question alone is an answer to it: after a while its member goes on."},
	{name: "deck", is: someDecks, kinds: []rituals.StepKind{rituals.Draw, rituals.Check}, about: "The decks it is made of: `evening`, or `[dream, play]`. `own` are the questions that a couple has written: `[evening, own]`."},
	{name: "each", is: aFlag, kinds: []rituals.StepKind{rituals.Draw}, about: "Each member gets a card of their own. If left out, all get the same."},
	{name: "answer", is: aWord, words: []string{"words", string(rituals.NoAnswer)}, kinds: []rituals.StepKind{rituals.Draw}, about: "What is asked for: `words`, or with `none` nothing, and the card is only said. If left out: `words`."},
	{name: "mutual", is: aFlag, kinds: []rituals.StepKind{rituals.Reveal}, about: "Of what was ticked, some of what all have ticked opens, and nothing else. If nothing is common, nothing is said."},
	{name: "after", is: aCount, about: "The step, and those that hang on it with `when`, are left out until the couple has kept so many evenings. If left out: it is there from the beginning."},
	{name: "trend", is: aFlag, kinds: []rituals.StepKind{rituals.Mood, rituals.Choose}, about: "In a ritual that is `private`: whoever has answered sees what they answered the last times."},
	{name: "recall", is: anID, kinds: []rituals.StepKind{rituals.Say}, about: "Below the text stands what this member answered to that step when the ritual was last kept; nobody else sees it. If there is nothing, nothing is said."},
	{name: "collect", is: anID, kinds: []rituals.StepKind{rituals.Say}, about: "Below the text stands what opened of that ritual in the last seven days. If there is nothing, nothing is said."},
	{name: "wait", is: aLength, kinds: []rituals.StepKind{rituals.Say}, about: "How long after the step before it this one is said. Only in a ritual that asks nothing: in between nothing else is said to anyone."},
	{name: "feelings", is: aFlag, kinds: []rituals.StepKind{rituals.Ask}, about: "A feeling word is an answer too: a button leads to six families of them."},
	{name: "opens", is: aWord, kinds: []rituals.StepKind{rituals.Ask}, words: []string{string(rituals.InTheMorning)}, about: "The answer does not open with the others: each reads it in the first morning of their own, if the others opened. Alone it does not count as an answer."},
	{name: "morning", is: aFlag, kinds: []rituals.StepKind{rituals.Reveal}, about: "Whoever has answered may have it open in the morning."},
	{name: "lasts", is: seconds, kinds: []rituals.StepKind{rituals.Timer}, about: "How long it is, from `5s` to `30m`. Every timed step needs it."},
	{name: "listener", is: anyText, kinds: []rituals.StepKind{rituals.Timer}, about: "What the others read while one speaks; between two turns, what whoever speaks next reads. The step is kept once for each member, in turn."},
	{name: "between", is: aFlag, kinds: []rituals.StepKind{rituals.Timer}, about: "The step is kept only between two of those turns."},
}, kindKeys()...)

// kindKeys are the keys that say of which kind a step is.
func kindKeys() []key {
	var keys []key
	for _, k := range stepKinds {
		is := aText
		if k.kind == rituals.Reveal || k.kind == rituals.Timer {
			is = anyText
		}
		keys = append(keys, key{name: string(k.kind), is: is, about: k.about})
	}
	return keys
}

var optionKeys = []key{
	{name: "id", is: anID, need: true, about: "The option's name, within its step: what `when` asks for."},
	{name: "label", is: aLabel, need: true, about: "The words on its button."},
	{name: "said", is: aLabel, about: "The label as it reads inside a sentence. If left out: as it is."},
	{name: "shown", is: aText, about: "What the others read of it: a sentence about `{name}`. If left out: the label. On a `choose` that is asked only `when` another step was `said`, it is part of that answer: kept, taken back and opened with it."},
	{name: "ritual", is: anID, about: "Of an option that is `act: begin`: which ritual begins."},
	{name: "act", is: aWord, words: actNames(), about: "What choosing it does beside being the answer."},
	{name: "hard", is: aFlag, about: "Whoever chooses it has a hard evening: that day and the next no deep card is drawn, and nothing is asked of them alone or offered. Only on `choose`."},
}

// An act is what choosing an option does, and the kinds of steps whose options can do
// it.
type act struct {
	act   rituals.Act
	kinds []rituals.StepKind
	about string
}

var optionActs = []act{
	{rituals.ActLater, []rituals.StepKind{rituals.Choose}, "The question comes again in a while, to this member alone."},
	{rituals.ActLeave, []rituals.StepKind{rituals.Choose}, "This member takes no part this time. Nobody is told."},
	{rituals.ActMorning, []rituals.StepKind{rituals.Choose}, "What is shared opens in the morning, for all."},
	{rituals.ActMine, []rituals.StepKind{rituals.Choose}, "What this member answered stays theirs and does not open."},
	{rituals.ActTogether, []rituals.StepKind{rituals.Choose, rituals.Reveal}, "The timed steps begin as soon as all have chosen it. Under what was given: this member would like to listen, and they begin once who gave it is there."},
	{rituals.ActFirst, []rituals.StepKind{rituals.Choose}, "This member would like to speak first."},
	{rituals.ActLast, []rituals.StepKind{rituals.Choose}, "This member would like another to speak first."},
	{rituals.ActNext, []rituals.StepKind{rituals.Timer}, "Goes on to the next timed step."},
	{rituals.ActMore, []rituals.StepKind{rituals.Timer}, "More time; whoever speaks later gets the same."},
	{rituals.ActBreak, []rituals.StepKind{rituals.Timer}, "A break, with a time to come back."},
	{rituals.ActPass, []rituals.StepKind{rituals.Say}, "After what was kept together: the others read `shown`, and nothing is kept."},
	{rituals.ActBegin, []rituals.StepKind{rituals.Say, rituals.Choose}, "Begins another ritual, `ritual`. On `say` only in a ritual that asks nothing."},
	{rituals.ActWrite, []rituals.StepKind{rituals.Reveal}, "Asks for words and passes them on."},
	{rituals.ActReturn, []rituals.StepKind{rituals.Reveal}, "A break, with a time to come back at which all are asked again."},
	{rituals.ActAgain, []rituals.StepKind{rituals.Heard}, "Asks for what was missing, and lets the other say it back once more. Then it rests."},
}

// actsOf returns the acts that options of a kind of step can do.
func actsOf(k rituals.StepKind) []string {
	var names []string
	for _, a := range optionActs {
		if slices.Contains(a.kinds, k) {
			names = append(names, string(a.act))
		}
	}
	return names
}

// actNames are the names of all acts.
func actNames() []string {
	var names []string
	for _, a := range optionActs {
		names = append(names, string(a.act))
	}
	return names
}

var deckKeys = []key{
	{name: "id", is: anID, need: true, about: "The deck's name."},
	{name: "title", is: aLabel, need: true, about: "What people call it."},
	{name: "tones", is: someTones, about: "The themes that a couple can choose from in `/settings`. Then only cards of the one they chose are drawn."},
	{name: "cards", is: someCards, need: true, about: "What can be drawn. At least one must be light or medium."},
}

var toneKeys = []key{
	{name: "id", is: anID, need: true, about: "A theme of the deck."},
	{name: "label", is: aLabel, need: true, about: "The words on its button."},
	{name: "only", is: aFlag, about: "Its cards are drawn only where a couple has chosen it, or lives far apart."},
}

var cardKeys = []key{
	{name: "id", is: anID, need: true, about: "The card's name, within its deck: a card is not drawn again soon, whatever becomes of its text."},
	{name: "theme", is: anID, about: "What it is about, in a word; it groups the card with others."},
	{name: "depth", is: aWord, words: []string{string(rituals.Light), string(rituals.Medium), string(rituals.Deep)}, about: "How near it goes. `deep` comes only where all have switched it on, and never on a hard evening. If left out: `light`."},
	{name: "text", is: aText, need: true, about: "The question, or the thing to do."},
}

// A fill is a name in a text that something is put in place of: in all texts, or in
// those of some keys.
type fill struct {
	name  string
	keys  []string
	about string
}

var fills = []fill{
	{"{partner}", nil, "The other's name; the names of all others, if there are several."},
	{"{me}", nil, "The name of whoever reads."},
	{"{day}", nil, "The day of the week that the evening belongs to."},
	{"{time}", nil, "What time it is for whoever reads."},
	{"{both}", nil, "The word for all to whom it is said: \"both\", or \"all\" where there are more."},
	{"{two}", nil, "How many they are, as a word: \"the {two} of you\"."},
	{"{answer}", []string{"same"}, "What all have chosen."},
	{"{name}", []string{"shown"}, "Who has chosen it."},
	{"{speaker}", []string{"timer", "listener"}, "The name of whoever speaks."},
	{"{night}", []string{"say"}, "A good night, if it is late."},
}

// placeholdersOf returns the names that are filled in a key's text.
func placeholdersOf(key string) []string {
	var all []string
	for _, f := range fills {
		if (f.keys == nil && key != "shown") || slices.Contains(f.keys, key) {
			all = append(all, f.name)
		}
	}
	return all
}

// names returns the names of keys.
func names(keys []key) []string {
	var all []string
	for _, k := range keys {
		all = append(all, k.name)
	}
	return all
}

// keyNamed returns the key of that name, or nil.
func keyNamed(keys []key, name string) *key {
	i := slices.IndexFunc(keys, func(k key) bool { return k.name == name })
	if i < 0 {
		return nil
	}
	return &keys[i]
}

// field returns what is written under a key. The key's table must say that it has one
// of these shapes: reading it as anything else is a mistake in this package.
func (m mapping) field(name string, as ...shape) (field, bool) {
	k := keyNamed(m.keys, name)
	if k == nil || !slices.Contains(as, k.is) {
		panic(fmt.Sprintf("library: %s has no key %q that is %v; its table says otherwise", m.what, name, as))
	}
	f, ok := m.fields[name]
	return f, ok
}
