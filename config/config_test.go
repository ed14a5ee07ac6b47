package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// clearEnv takes every setting of this machine out of the test's environment.
func clearEnv(t *testing.T) {
	t.Helper()
	for _, e := range os.Environ() {
		name, value, _ := strings.Cut(e, "=")
		if strings.HasPrefix(name, prefix+"_") {
			t.Setenv(name, value) // is put back afterwards
			if err := os.Unsetenv(name); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	token := filepath.Join(dir, "token")
	if err := os.WriteFile(token, []byte("1:from-file\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	base := Config{Database: "data/attune.db", TelegramAPI: "https://api.telegram.org", DiscordAPI: "https://discord.com", Language: "en", LogFormat: Auto}
	with := func(change func(*Config)) Config { c := base; change(&c); return c }
	for _, test := range []struct {
		name string
		env  map[string]string
		want Config
	}{
		{"nothing set gives the defaults", nil, base},
		{"everything set", map[string]string{
			"ATTUNE_DATABASE": "/data/a.db", "ATTUNE_TELEGRAM_TOKEN": "1:abc", "ATTUNE_TELEGRAM_API": "http://localhost:8081/",
			"ATTUNE_BACKUPS": "/backups", "ATTUNE_KEYS": "AGE-SECRET-KEY-1ABC",
			"ATTUNE_RITUALS": "/rituals", "ATTUNE_ALLOW": "telegram:1001, discord:2002,", "ATTUNE_LANGUAGE": "de",
			"ATTUNE_OPERATOR": "Robin", "ATTUNE_LISTEN": "127.0.0.1:8080", "ATTUNE_LOG": "DEBUG", "ATTUNE_LOG_FORMAT": "json",
		}, Config{
			Database: "/data/a.db", TelegramToken: NewSecret("1:abc"), TelegramAPI: "http://localhost:8081", DiscordAPI: "https://discord.com", Rituals: "/rituals",
			Backups: "/backups", Keys: NewSecret("AGE-SECRET-KEY-1ABC"),
			Allow: []Account{{"telegram", "1001"}, {"discord", "2002"}}, Language: "de", Operator: "Robin", Listen: "127.0.0.1:8080",
			Log: slog.LevelDebug, LogFormat: JSON,
		}},
		{"a secret from a file, without its last newline", map[string]string{"ATTUNE_TELEGRAM_TOKEN_FILE": token},
			with(func(c *Config) { c.TelegramToken = NewSecret("1:from-file") })},
		{"a port at every address", map[string]string{"ATTUNE_LISTEN": ":8080"}, with(func(c *Config) { c.Listen = ":8080" })},
		{"what may be empty", map[string]string{"ATTUNE_BACKUPS": "", "ATTUNE_RITUALS": "", "ATTUNE_ALLOW": "", "ATTUNE_OPERATOR": "", "ATTUNE_LISTEN": ""}, base},
		{"variables of others", map[string]string{"ATTUNED": "1", "attune_log": "x"}, base},
	} {
		t.Run(test.name, func(t *testing.T) {
			clearEnv(t)
			for name, value := range test.env {
				t.Setenv(name, value)
			}
			got, err := Load()
			if err != nil {
				t.Fatal(err)
			}
			reveal := cmp.Transformer("reveal", Secret.Reveal)
			if diff := cmp.Diff(test.want, got, reveal); diff != "" {
				t.Errorf("Load (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLoadNamesEveryProblem(t *testing.T) {
	dir := t.TempDir()
	path := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	const none = "no such file or directory"
	for _, test := range []struct {
		name string
		env  []string
		want []string
	}{
		{"a misspelt variable", []string{"ATTUNE_TELEGRAM_TOKN=1:x"},
			[]string{"ATTUNE_TELEGRAM_TOKN: there is no such setting; did you mean ATTUNE_TELEGRAM_TOKEN?"}},
		{"a misspelt variable for a file", []string{"ATTUNE_TELEGRAM_TOKEN_FLIE=x"},
			[]string{"ATTUNE_TELEGRAM_TOKEN_FLIE: there is no such setting; did you mean ATTUNE_TELEGRAM_TOKEN_FILE?"}},
		{"a variable like no other", []string{"ATTUNE_COLOUR=blue"},
			[]string{"ATTUNE_COLOUR: there is no such setting; see the README for those there are"}},
		{"a file for what is no secret", []string{"ATTUNE_DATABASE_FILE=x"},
			[]string{"ATTUNE_DATABASE_FILE: there is no such setting; see the README for those there are"}},
		{"empty values", []string{"ATTUNE_DATABASE=", "ATTUNE_TELEGRAM_TOKEN=", "ATTUNE_LOG= "}, []string{
			"ATTUNE_DATABASE: it is empty; give it a value or leave it out",
			"ATTUNE_TELEGRAM_TOKEN: it is empty; give it a value or leave it out",
			"ATTUNE_LOG: it is empty; give it a value or leave it out"}},
		{"a secret's file that is not there", []string{"ATTUNE_TELEGRAM_TOKEN_FILE=" + dir + "/none"},
			[]string{"ATTUNE_TELEGRAM_TOKEN_FILE: " + dir + "/none cannot be read: " + none}},
		{"a secret's file that is empty", []string{"ATTUNE_TELEGRAM_TOKEN_FILE=" + path("empty", "\n")},
			[]string{"ATTUNE_TELEGRAM_TOKEN_FILE: " + dir + "/empty is empty"}},
		{"a secret's file that is a folder", []string{"ATTUNE_TELEGRAM_TOKEN_FILE=" + dir},
			[]string{"ATTUNE_TELEGRAM_TOKEN_FILE: " + dir + " is no file with a secret in it"}},
		{"a secret's file without a name", []string{"ATTUNE_TELEGRAM_TOKEN_FILE="},
			[]string{"ATTUNE_TELEGRAM_TOKEN_FILE: it is empty; write the path of the file or leave it out"}},
		{"a secret twice", []string{"ATTUNE_TELEGRAM_TOKEN=1:x", "ATTUNE_TELEGRAM_TOKEN_FILE=" + path("token", "1:y")},
			[]string{"ATTUNE_TELEGRAM_TOKEN_FILE: ATTUNE_TELEGRAM_TOKEN is set too; leave one of them out"}},
		{"a token over two lines", []string{"ATTUNE_TELEGRAM_TOKEN=1:se\ncret"},
			[]string{"ATTUNE_TELEGRAM_TOKEN: it holds a character that no token has; copy it again from where you got it"}},
		{"who may use it", []string{"ATTUNE_ALLOW=1001,telegram:1002,telgram:3,telegram:alex"},
			[]string{`ATTUNE_ALLOW: "1001", "telgram:3", "telegram:alex": write a platform and a number such as telegram:1001,discord:2002`}},
		{"nobody", []string{"ATTUNE_ALLOW=,"},
			[]string{"ATTUNE_ALLOW: it names nobody; leave it empty to let anyone in, or write telegram:1001"}},
		{"a port without a colon", []string{"ATTUNE_LISTEN=8080"},
			[]string{`ATTUNE_LISTEN: "8080" is no address to listen at; write one such as 127.0.0.1:8080, or :8080`}},
		{"a port that is none", []string{"ATTUNE_LISTEN=localhost:http"},
			[]string{`ATTUNE_LISTEN: "localhost:http" is no address to listen at; write one such as 127.0.0.1:8080, or :8080`}},
		{"an address of the web", []string{"ATTUNE_LISTEN=http://localhost:8080"},
			[]string{`ATTUNE_LISTEN: "http://localhost:8080" is no address to listen at; write one such as 127.0.0.1:8080, or :8080`}},
		{"everything at once", []string{"ATTUNE_LOGS=1", "ATTUNE_TELEGRAM_API=telegram.org", "ATTUNE_LANGUAGE=english", "ATTUNE_LOG=loud", "ATTUNE_LOG_FORMAT=xml", "ATTUNE_DATABASE="}, []string{
			"ATTUNE_LOGS: there is no such setting; did you mean ATTUNE_LOG?",
			"ATTUNE_DATABASE: it is empty; give it a value or leave it out",
			"ATTUNE_TELEGRAM_API: this is no address of a server; write one such as https://api.telegram.org",
			`ATTUNE_LANGUAGE: "english" is no language; write its two letters, such as en`,
			`ATTUNE_LOG: "loud" is no level; write debug, info, warn or error`,
			`ATTUNE_LOG_FORMAT: "xml" is no format; write auto, text or json`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			clearEnv(t)
			for _, e := range test.env {
				name, value, _ := strings.Cut(e, "=")
				t.Setenv(name, value)
			}
			c, err := Load()
			if err == nil {
				t.Fatalf("Load = %+v, want an error", c)
			}
			if diff := cmp.Diff(strings.Join(test.want, "\n"), err.Error()); diff != "" {
				t.Errorf("Load's error (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSecretDoesNotShowItself(t *testing.T) {
	const value = "1:very-secret"
	s := NewSecret(value)
	if got := s.Reveal(); got != value {
		t.Errorf("Reveal = %q, want %q", got, value)
	}
	c := Config{TelegramToken: s}
	inside := struct{ hidden Config }{c}
	var log bytes.Buffer
	for _, l := range []*slog.Logger{slog.New(slog.NewTextHandler(&log, nil)), slog.New(slog.NewJSONHandler(&log, nil))} {
		l.Info("started", "token", s, "pointer", &s, "config", c, "inside", inside)
	}
	data, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	shown := []string{log.String(), string(data), s.String()}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%T", "%p"} {
		for _, v := range []any{s, &s, c, &c, inside, []Secret{s}, map[Secret]Secret{s: s}} {
			shown = append(shown, fmt.Sprintf(verb, v))
		}
	}
	hexed := fmt.Sprintf("%x", value)
	for _, text := range shown {
		if strings.Contains(text, value) || strings.Contains(text, hexed) {
			t.Errorf("the secret is shown: %s", text)
		}
	}
	if got := fmt.Sprint(NewSecret("")); got != "" {
		t.Errorf("an empty secret is shown as %q, want nothing", got)
	}
}

// The README's table of settings has a row for each one, with its default.
func TestREADMENamesEverySetting(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile("(?m)^\\| *`(ATTUNE_[A-Z_]+)` *\\| *(?:`([^`]*)`)?[^|]*\\|")
	got := make(map[string]string)
	for _, m := range row.FindAllStringSubmatch(string(readme), -1) {
		got[m[1]] = m[2]
	}
	want := make(map[string]string)
	for _, s := range list() {
		want[s.Name] = s.Default
		if s.Secret && !strings.Contains(string(readme), s.Name+"_FILE") {
			t.Errorf("the README does not name %s_FILE", s.Name)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("settings and their defaults in the README (-want +got):\n%s", diff)
	}
}
