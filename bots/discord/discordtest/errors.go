package discordtest

import (
	"strings"
	"time"
)

// An apiError is an answer that refuses a request.
type apiError struct {
	status, code int
	text         string
	errors       any           // what is wrong with which field
	retry        time.Duration // of a 429
	global       bool
}

// Refusals that need no details.
var (
	unknownChannel     = &apiError{status: 404, code: 10003, text: "Unknown Channel"}
	unknownGuild       = &apiError{status: 404, code: 10004, text: "Unknown Guild"}
	unknownMember      = &apiError{status: 404, code: 10007, text: "Unknown Member"}
	unknownMessage     = &apiError{status: 404, code: 10008, text: "Unknown Message"}
	unknownUser        = &apiError{status: 404, code: 10013, text: "Unknown User"}
	unknownWebhook     = &apiError{status: 404, code: 10015, text: "Unknown Webhook"}
	unknownInteraction = &apiError{status: 404, code: 10062, text: "Unknown interaction"}
	tooLarge           = &apiError{status: 413, code: 40005, text: "Request entity too large"}
	alreadyAnswered    = &apiError{status: 400, code: 40060, text: "Interaction has already been acknowledged."}
	missingAccess      = &apiError{status: 403, code: 50001, text: "Missing Access"}
	othersMessage      = &apiError{status: 403, code: 50005, text: "Cannot edit a message authored by another user"}
	emptyMessage       = &apiError{status: 400, code: 50006, text: "Cannot send an empty message"}
	cannotDM           = &apiError{status: 403, code: 50007, text: "Cannot send messages to this user"}
	missingPermissions = &apiError{status: 403, code: 50013, text: "Missing Permissions"}
	wrongChannelType   = &apiError{status: 400, code: 50024, text: "Cannot execute action on this channel type"}
	expiredToken       = &apiError{status: 401, code: 50027, text: "Invalid Webhook Token"}
	invalidRecipient   = &apiError{status: 400, code: 50033, text: "Invalid Recipient(s)"}
	archived           = &apiError{status: 400, code: 50083, text: "Thread is archived"}
	wordyVoice         = &apiError{status: 400, code: 50159, text: "Voice messages do not support additional content."}
	manyVoices         = &apiError{status: 400, code: 50160, text: "Voice messages must have a single audio attachment."}
	voiceless          = &apiError{status: 400, code: 50161, text: "Voice messages must have supporting metadata."}
	fixedVoice         = &apiError{status: 400, code: 50162, text: "Voice messages cannot be edited."}
	noMutualGuilds     = &apiError{status: 403, code: 50278, text: "Cannot send messages to this user due to having no mutual guilds"}
	lockedThread       = &apiError{status: 403, code: 160005, text: "Thread is locked"}
)

// invalid refuses a form for one of its fields, named with dots: "embeds.0.title".
func invalid(field, code, text string) *apiError {
	var inner any = map[string]any{"_errors": []any{map[string]any{"code": code, "message": text}}}
	parts := strings.Split(field, ".")
	for i := len(parts) - 1; i >= 0; i-- {
		inner = map[string]any{parts[i]: inner}
	}
	return &apiError{status: 400, code: 50035, text: "Invalid Form Body", errors: inner}
}
