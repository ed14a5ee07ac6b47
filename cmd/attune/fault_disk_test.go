package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"attune/bots/discord/discordtest"
	"attune/bots/telegram/telegramtest"
	"attune/rituals"
)

const (
	full  = "ERROR the disk is full: make room;"
	works = "INFO the database works again"
)

// diskFaults are a disk that is full for a while. Nothing can be kept meanwhile, and so
// nothing is confirmed.
var diskFaults = []fault{
	{says: "the disk is full for ten minutes", on: rituals.Telegram, small: true, log: []string{full, works}, breaks: func(e *evening) {
		e.disk.fill()
		time.Sleep(outage)
		e.disk.free()
	}},
	{says: "the disk is full for ten minutes", on: rituals.Discord, small: true, log: []string{full, works}, breaks: func(e *evening) {
		e.disk.fill()
		time.Sleep(outage)
		e.disk.free()
	}},
	{says: "the disk is full while a message is on its way", on: rituals.Telegram, small: true, log: []string{full, works}, breaks: func(e *evening) {
		e.telegram.Fail("sendMessage", telegramtest.Slow(3*time.Second))
		time.Sleep(time.Second)
		e.disk.fill()
		time.Sleep(outage)
		e.disk.free()
	}},
	{says: "the disk is full while a message is on its way", on: rituals.Discord, small: true, log: []string{full, works}, breaks: func(e *evening) {
		e.discord.Fail(discordtest.SendMessage, discordtest.Slow(3*time.Second))
		time.Sleep(time.Second)
		e.disk.fill()
		time.Sleep(outage)
		e.disk.free()
	}},
	{says: "the program is stopped while the disk is full and a message on its way", on: rituals.Telegram, small: true, twice: 1, log: []string{full, "INFO started"}, breaks: func(e *evening) {
		e.telegram.Fail("sendMessage", telegramtest.Slow(3*time.Second))
		time.Sleep(time.Second)
		e.stopFull()
	}},
	{says: "the program is stopped while the disk is full and a message on its way", on: rituals.Discord, small: true, log: []string{full, "INFO started"}, breaks: func(e *evening) {
		e.discord.Fail(discordtest.SendMessage, discordtest.Slow(3*time.Second))
		time.Sleep(time.Second)
		e.stopFull()
	}},
	{says: "the disk is full again and again", on: rituals.Telegram, both: true, small: true, log: []string{full, works}, breaks: func(e *evening) {
		for range 20 {
			e.disk.fill()
			time.Sleep(7 * time.Second)
			e.disk.free()
			time.Sleep(3 * time.Second)
		}
	}},
}

// stopFull fills the disk, stops the program a minute later, and starts it when there
// is room.
func (e *evening) stopFull() {
	e.disk.fill()
	time.Sleep(time.Minute)
	if err := e.stop(); err == nil || !strings.Contains(err.Error(), "the disk is full: make room") {
		e.Errorf("run = %v, want that the disk is full", err)
	}
	e.disk.free()
	e.start()
}

// A disk is a small one of its own.
type disk struct {
	*testing.T
	dir string
}

// smallDisk mounts a disk, or skips the test and says why. It is unmounted at the end.
func smallDisk(t *testing.T) disk {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "disk")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "linux" || os.Geteuid() != 0 {
		t.Skip("a disk can be mounted, and be full, only by root on Linux")
	}
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("no disk can be mounted here: %v, %s", err, out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", dir).CombinedOutput(); err != nil {
			t.Errorf("umount: %v, %s", err, out)
		}
	})
	return disk{t, dir}
}

// fill leaves no room on the disk.
func (d disk) fill() {
	d.Helper()
	f, err := os.Create(filepath.Join(d.dir, "ballast"))
	if err != nil {
		d.Fatal(err)
	}
	defer f.Close()
	for block := []byte(strings.Repeat("attune", 100)); ; {
		if _, err := f.Write(block); errors.Is(err, syscall.ENOSPC) {
			return
		} else if err != nil {
			d.Fatal(err)
		}
	}
}

// free makes room again.
func (d disk) free() {
	d.Helper()
	if err := os.Remove(filepath.Join(d.dir, "ballast")); err != nil {
		d.Fatal(err)
	}
}
