package rituals

import "strings"

// A Family is a group of feeling words that are near to each other, by their ids.
type Family struct {
	ID    string
	Words []string
}

// Feelings are the feeling words, from the brightest family to the heaviest. What
// they are called is said by the phrases of a language.
var Feelings = []Family{
	{"glad", []string{"glad", "grateful", "hopeful", "playful", "proud", "moved", "curious"}},
	{"calm", []string{"calm", "rested", "relieved", "safe", "content", "close", "patient"}},
	{"tired", []string{"tired", "worn", "empty", "unwell", "heavy", "much", "slow"}},
	{"worried", []string{"worried", "nervous", "unsure", "afraid", "tense", "torn", "restless"}},
	{"sad", []string{"sad", "lonely", "hurt", "let-down", "homesick", "mourning", "low"}},
	{"angry", []string{"angry", "annoyed", "irritable", "frustrated", "unheard", "jealous", "impatient"}},
}

// feeling begins, in [Reply.Choice], the id of a feeling word; no option has such an
// id.
const feeling = "feel."

// FeelingChoice returns how the choice of a feeling word is kept.
func FeelingChoice(word string) string { return feeling + word }

// Feeling returns the id of the feeling word that is a choice, if it is one.
func Feeling(choice string) (string, bool) {
	word, ok := strings.CutPrefix(choice, feeling)
	if !ok {
		return "", false
	}
	for _, f := range Feelings {
		for _, w := range f.Words {
			if w == word {
				return word, true
			}
		}
	}
	return "", false
}
