package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"attune/bots/telegram/telegramtest"
	"attune/rituals"
)

// TestMeters lists every series, so that one that says more than how much is seen.
func TestMeters(t *testing.T) {
	visit(t, func(v *visited) {
		v.cable.ahead = time.Hour
		alex := v.telegram.User(1001, "Alex", "en")
		alex.Say("/start")
		v.pass(time.Hour + time.Minute) // the sweep is the first alarm
		v.telegram.Fail("sendMessage", telegramtest.TooMany(3))
		alex.Say("/help")
		v.pass(time.Minute)
		_, body := v.ask("/metrics")
		got := make(map[string]string)
		for row := range strings.Lines(body) {
			name, value, _ := strings.Cut(strings.TrimSpace(row), " ")
			if name, le, ok := strings.Cut(name, `le="`); !ok {
				got[name] = value
			} else if strings.HasPrefix(le, "+Inf") {
				got[strings.TrimSuffix(name, "{")+" +Inf"] = value
			}
		}
		want := map[string]string{
			`attune_info{version="dev"}`:                                "1",
			`attune_alarm_lateness_seconds_bucket +Inf`:                 "1",
			`attune_alarm_lateness_seconds_count`:                       "1",
			`attune_alarm_lateness_seconds_sum`:                         "any",
			`attune_alarms_put_off_total`:                               "0",
			`attune_commits_total`:                                      "any",
			`attune_commits_failed_total`:                               "0",
			`attune_commit_jobs_total`:                                  "any",
			`attune_events_total{platform="telegram",result="settled"}`: "2",
			`attune_sends_total{platform="telegram",result="sent"}`:     "any",
			`attune_sends_total{platform="telegram",result="put_off"}`:  "1",
			`attune_calls_total{platform="telegram",result="answered"}`: "any",
			`attune_calls_total{platform="telegram",result="too_many"}`: "1",
			`attune_calls_total{platform="discord",result="answered"}`:  "any",
			`attune_clock_skew_seconds{platform="telegram"}`:            "any",
			`attune_events_total{platform="discord",result="settled"}`:  "0",
			`attune_sends_total{platform="discord",result="sent"}`:      "0",
			`attune_sends_total{platform="discord",result="put_off"}`:   "0",
			`attune_calls_total{platform="discord",result="too_many"}`:  "0",
		}
		for _, p := range []rituals.Platform{rituals.Telegram, rituals.Discord} {
			for name, value := range map[string]string{
				"attune_events_total again": "0", "attune_events_total parked": "0", "attune_sends_total undelivered": "0",
				"attune_calls_total refused": "0", "attune_calls_total failed": "0",
			} {
				name, result, _ := strings.Cut(name, " ")
				want[series(name, "platform", string(p), "result", result)] = value
			}
			want[series("attune_outbox_messages", "platform", string(p))] = "0"
			want[series("attune_outbox_oldest_seconds", "platform", string(p))] = "0"
			want[series("attune_contact_seconds", "platform", string(p))] = "any"
		}
		for name, value := range want {
			if value == "any" && got[name] != "" {
				want[name] = got[name]
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			v.Errorf("/metrics (-want +got):\n%s", diff)
		}
		if ahead := got[`attune_clock_skew_seconds{platform="telegram"}`]; !slices.Contains([]string{"3600.5", "3600"}, ahead) {
			v.Errorf("the clock of Telegram is %s s ahead, want an hour", ahead)
		}
	})
}

// TestNothingAboutAnybody has two people do things, one on each platform, and looks for
// them in all that whoever runs the server is told.
func TestNothingAboutAnybody(t *testing.T) {
	var told []string
	var database string
	people := []string{"Alex", "Sam", "918273645", "887766554433221100", "zebra", "walrus", "1000:secret", "secret.Of"}
	visit(t, func(v *visited) {
		database = v.cfg.Database
		alex, sam := v.telegram.User(918273645, "Alex", "en"), v.discord.User("887766554433221100", "Sam", "en-US")
		v.discord.Guild("500", "Home", sam)
		people = append(people, sam.Channel())
		alex.Say("/start")
		sam.Say("/start")
		v.pass(time.Minute)
		alex.Say("A zebra.")
		sam.Say("A walrus.")
		v.pass(time.Minute)
		for _, heard := range []string{strings.Join(sam.Heard(), "\n"), v.telegram.Transcript(918273645)[1].Text} {
			if !strings.Contains(heard, "Hello") {
				v.Errorf("somebody hears %q, want a hello", heard)
			}
		}
		alex.Block()
		v.telegram.Fail("getUpdates", telegramtest.Refused(400, "Bad Request: Alex's zebra"))
		v.pass(2 * time.Minute)
		for _, path := range []string{"/metrics", "/readyz", "/healthz"} {
			_, body := v.ask(path)
			told = append(told, body)
		}
		if events := series("attune_events_total", "platform", "discord", "result", "settled"); !strings.Contains(told[0], events+" 2") {
			v.Errorf("/metrics does not show that two things were settled on Discord:\n%s", told[0])
		}
	})
	t.Setenv("ATTUNE_DATABASE", database)
	status, said := consult(t)
	if status != success {
		t.Errorf("attune doctor ends with %d, want %d", status, success)
	}
	for _, text := range append(told, said) {
		for _, p := range people {
			if strings.Contains(text, p) {
				t.Errorf("%q is in what is told:\n%s", p, text)
			}
		}
	}
}
