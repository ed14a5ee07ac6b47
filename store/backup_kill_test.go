package store

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestRestoreIsKilled kills a process that restores at any moment: what is there
// afterwards is what was there before or what was restored, and it is whole.
func TestRestoreIsKilled(t *testing.T) {
	killed(t, func(path, file string) error {
		_, err := Restore(t.Context(), path, file, Restoring{Replace: true, Now: at("22:00")})
		return err
	}, func(kill func(path, file string)) {
		file := backup(t, paired(t).Path(), Keys{})
		found := make(map[string]int)
		for range kills {
			path := logged(t)
			kill(path, file)
			who := name(t, path)
			found[who]++
			if who == "Alex" {
				equal(t, "who is in what was kept", name(t, filepath.Join(filepath.Dir(path), aside)), "Kim")
			}
		}
		if found["Alex"]+found["Kim"] != kills {
			t.Errorf("after %d kills the databases are those of %v, want Kim's, from before, or Alex's", kills, found)
		}
		t.Logf("killed %d times: %v", kills, found)
	})
}

// TestBackupIsKilled kills a process that makes a backup at any moment: it is there
// whole or not at all.
func TestBackupIsKilled(t *testing.T) {
	killed(t, func(path, file string) error {
		_, err := Backup(t.Context(), path, file, Keys{})
		return err
	}, func(kill func(path, file string)) {
		s := paired(t)
		whole := 0
		for range kills {
			file := filepath.Join(t.TempDir(), "backup")
			kill(s.Path(), file)
			if absent(file) == nil {
				continue
			}
			whole++
			if _, err := Restore(t.Context(), filepath.Join(t.TempDir(), "attune.db"), file, Restoring{Now: at("22:00")}); err != nil {
				t.Errorf("Restore of what a kill has left: %v", err)
			}
		}
		t.Logf("killed %d times: %d backups are there", kills, whole)
	})
}

// kills is how often a process is killed, each time two milliseconds later than before.
const kills = 20

// killed runs act in processes of their own, which kill ends.
func killed(t *testing.T, act func(path, file string) error, test func(kill func(path, file string))) {
	t.Helper()
	const variable = "ATTUNE_STORE_ACTS"
	if paths := os.Getenv(variable); paths != "" {
		path, file, _ := strings.Cut(paths, "|")
		fmt.Println("begins")
		if err := act(path, file); err != nil {
			t.Fatal(err)
		}
		return
	}
	after := time.Duration(0)
	test(func(path, file string) {
		cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
		cmd.Env = append(os.Environ(), variable+"="+path+"|"+file)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
			t.Fatal(err)
		}
		<-time.After(after)
		after += 2 * time.Millisecond
		_ = cmd.Process.Kill() // or it has ended
		_ = cmd.Wait()
	})
}
