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
	fails = "ERROR the disk fails: see to it;"
	works = "INFO the database works again"
)

// diskFaults are a disk that is full for a while. Nothing can be kept meanwhile, and so
// nothing is confirmed.
var diskFaults = []fault{
	{says: "the disk is full for ten minutes", on: rituals.Telegram, small: true, log: []string{full, works}, breaks: func(e *evening) {
		e.fullFor(outage)
	}},
	{says: "the disk is full for ten minutes", on: rituals.Discord, small: true, log: []string{full, works}, breaks: func(e *evening) {
		e.fullFor(outage)
	}},
	{says: "the disk is full while a message is on its way", on: rituals.Telegram, small: true, log: []string{full, works}, breaks: func(e *evening) {
		e.telegram.Fail("sendMessage", telegramtest.Slow(3*time.Second))
		time.Sleep(time.Second)
		e.fullFor(outage)
	}},
	{says: "the disk is full while a message is on its way", on: rituals.Discord, small: true, log: []string{full, works}, breaks: func(e *evening) {
		e.discord.Fail(discordtest.SendMessage, discordtest.Slow(3*time.Second))
		time.Sleep(time.Second)
		e.fullFor(outage)
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
	{says: "the disk becomes read-only and is mended", on: rituals.Telegram, image: true, twice: 1, log: []string{fails, "INFO started"}, breaks: turnReadOnly},
	{says: "the disk becomes read-only and is mended", on: rituals.Discord, image: true, twice: 1, log: []string{fails, "INFO started"}, breaks: turnReadOnly},
	{says: "the disk is full again and again", on: rituals.Telegram, both: true, small: true, log: []string{full, works}, breaks: func(e *evening) {
		for range 20 {
			e.disk.fill()
			time.Sleep(7 * time.Second)
			e.disk.free()
			time.Sleep(3 * time.Second)
		}
	}},
}

// fullFor fills the disk for a time, in which whoever asks is told.
func (e *evening) fullFor(d time.Duration) {
	e.disk.fill()
	time.Sleep(d)
	e.ready("fix   database   cannot be written: " + e.cfg.Database + ": the disk is full: make room")
	e.disk.free()
	time.Sleep(10 * time.Second)
	e.ready("ok    database   can be written")
}

// ready checks what whoever asks is told.
func (e *evening) ready(want string) {
	e.Helper()
	var said strings.Builder
	doorkeeper{in: e.in}.look(e.Context()).print(&said)
	if !strings.Contains(said.String(), want) {
		e.Errorf("/readyz says %q, want %q in it", said.String(), want)
	}
}

// stopFull fills the disk, stops the program a minute later, and starts it when there
// is room.
func (e *evening) stopFull() {
	e.disk.fill()
	time.Sleep(time.Minute)
	if err := e.stop(); err != nil {
		e.Errorf("run = %v, want no error: to stop needs no room", err)
	}
	e.disk.free()
	e.start()
}

// turnReadOnly lets the file system turn itself read-only, as it does when the disk
// fails. The program is stopped a minute later, and started when that is mended. That a
// message was sent is recorded without waiting for the disk, which may have lost it.
func turnReadOnly(e *evening) {
	e.disk.run("mount", "-o", "remount,abort", e.disk.dir)
	time.Sleep(time.Minute)
	if err := e.stop(); err == nil || !strings.Contains(err.Error(), "cannot be written") {
		e.Errorf("run = %v, want that nothing can be written", err)
	}
	e.disk.run("umount", e.disk.dir)
	e.disk.run("mount", "-o", "loop", e.disk.image, e.disk.dir)
	e.start()
}

// A disk is a small one of its own.
type disk struct {
	*testing.T
	dir   string
	image string // the file it is in; empty: it is in memory
}

// smallDisk mounts a disk in memory, or skips the test and says why. It is unmounted at
// the end.
func smallDisk(t *testing.T) disk {
	t.Helper()
	return mounted(t, "", "-t", "tmpfs", "-o", "size=6m", "tmpfs")
}

// imageDisk mounts a disk in a file, or skips the test and says why. It is unmounted at
// the end.
func imageDisk(t *testing.T) disk {
	t.Helper()
	image := filepath.Join(t.TempDir(), "image")
	if err := os.WriteFile(image, make([]byte, 8<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("mke2fs", "-q", "-t", "ext4", image).CombinedOutput(); err != nil {
		t.Skipf("no file system can be made here: %v, %s", err, out)
	}
	return mounted(t, image, "-o", "loop", image)
}

func mounted(t *testing.T, image string, args ...string) disk {
	t.Helper()
	d := disk{t, filepath.Join(t.TempDir(), "disk"), image}
	if err := os.Mkdir(d.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "linux" || os.Geteuid() != 0 {
		t.Skip("a disk can be mounted, and be full, only by root on Linux")
	}
	if out, err := exec.Command("mount", append(args, d.dir)...).CombinedOutput(); err != nil {
		t.Skipf("no disk can be mounted here: %v, %s", err, out)
	}
	t.Cleanup(func() { d.run("umount", d.dir) })
	return d
}

// run runs a command about the disk.
func (d disk) run(name string, args ...string) {
	d.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		d.Errorf("%s: %v, %s", name, err, out)
	}
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
