package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"attune/bots/discord/discordtest"
	"attune/bots/telegram/telegramtest"
	"attune/config"
	"attune/store"
)

// TestFaultAtTheStart starts the program where it cannot run: it ends at once, and its
// one line says what to do.
func TestFaultAtTheStart(t *testing.T) {
	for _, tt := range []struct {
		name  string
		small bool // the database is on a small disk
		fault func(t *testing.T, d disk, cfg *config.Config)
		want  []string
	}{
		{"the disk is full", true, func(_ *testing.T, d disk, _ *config.Config) { d.fill() }, []string{"attune.db", "the disk is full"}},
		{"the disk is read-only", true, func(t *testing.T, d disk, _ *config.Config) { d.readOnly() }, []string{"cannot be written"}},
		{"the folder is no folder", false, func(t *testing.T, _ disk, cfg *config.Config) {
			file := filepath.Join(t.TempDir(), "file")
			if err := os.WriteFile(file, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			cfg.Database = filepath.Join(file, "attune.db")
		}, []string{"folder cannot be made"}},
		{"Telegram refuses the token", false, func(_ *testing.T, _ disk, cfg *config.Config) {
			cfg.TelegramToken = config.NewSecret("1000:wrong")
		}, []string{"telegram does not accept the token", "@BotFather"}},
		{"Discord refuses the token", false, func(_ *testing.T, _ disk, cfg *config.Config) {
			cfg.DiscordToken = config.NewSecret("wrong.secret")
		}, []string{"discord does not accept the token", "developer portal"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cfg := configIn(t)
			var d disk
			if tt.small {
				d = smallDisk(t)
				cfg.Database = filepath.Join(d.dir, "attune.db")
			}
			cfg.TelegramAPI, cfg.DiscordAPI = "https://telegram.test", "https://discord.test"
			cfg.TelegramToken, cfg.DiscordToken = config.NewSecret("1000:secret"), config.NewSecret("secret.Of-the.bot")
			s, err := store.Open(t.Context(), cfg.Database, store.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			tt.fault(t, d, &cfg)
			telegram, discord := telegramtest.New("1000:secret", "attune_bot"), discordtest.New("secret.Of-the.bot", "1000")
			err = run(t.Context(), cfg, through(wires{telegram: telegram.Transport(), discord: discord.Transport(), gateway: discord.Dial}), nil, terminal{err: t.Output()})
			if err == nil {
				t.Fatal("run = nil, want an error")
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
					t.Errorf("run = %q, want one line with %q in it", err, want)
				}
			}
		})
	}
}

// readOnly lets nothing be written to the disk from now on.
func (d disk) readOnly() {
	d.Helper()
	if out, err := exec.Command("mount", "-o", "remount,ro", d.dir).CombinedOutput(); err != nil {
		d.Skipf("the disk cannot be made read-only here: %v, %s", err, out)
	}
}
