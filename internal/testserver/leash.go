//go:build unix

package testserver

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// leash runs a server until its own standard input closes: because stop closed
// it, or because our process died, even by SIGKILL. Then it ends the server and
// removes its directory, unless it was told to keep it. $1 is the directory, $2
// the signal that ends the server. Only the server holds descriptor 3, so its
// closing says it has ended.
const leash = `
dir=$1; signal=$2; shift 2
"$@" >>"$dir/log" 2>&1 &
echo $! >"$dir/leash.pid"
exec 3>&-
word=$(cat)
kill -"$signal" $! 2>/dev/null
wait $!
[ "$word" = keep ] && exit
cd / && { ! mountpoint -q "$dir/data" || umount "$dir/data"; } 2>/dev/null
rm -rf "$dir"
`

// leashed is one running server.
type leashed struct {
	name  string
	dir   string
	cmd   *exec.Cmd
	input io.Closer
	ended chan struct{} // closed when the server has ended
	gone  chan struct{} // closed when its leash has too, and the directory is removed
	once  sync.Once
}

// stop ends the server and removes its directory; a second call does nothing.
func (s *leashed) stop() {
	s.once.Do(func() {
		_ = s.input.Close()
		select {
		case <-s.gone:
		case <-time.After(10 * time.Second):
			// The group holds only what the leash started.
			_ = syscall.Kill(-s.cmd.Process.Pid, syscall.SIGKILL)
			<-s.gone
		}
		_ = os.RemoveAll(s.dir)
	})
}

// account is whom a server runs as: ourselves, or, since database servers
// refuse to run as root, somebody without privileges.
type account struct {
	credential *syscall.Credential // nil: ourselves
}

// unprivileged returns the first of names that exists, when we are root.
func unprivileged(names ...string) (account, error) {
	if os.Geteuid() != 0 {
		return account{}, nil
	}
	for _, name := range append(names, "nobody") {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, errU := strconv.ParseUint(u.Uid, 10, 32)
		gid, errG := strconv.ParseUint(u.Gid, 10, 32)
		if errU == nil && errG == nil {
			return account{&syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
		}
	}
	return account{}, fmt.Errorf("run a server without privileges: no account of %v exists", append(names, "nobody"))
}

// own gives a file to the account.
func (a account) own(path string) error {
	if a.credential == nil {
		return nil
	}
	if err := os.Chown(path, int(a.credential.Uid), int(a.credential.Gid)); err != nil {
		return fmt.Errorf("own %s: %w", path, err)
	}
	return nil
}

// as makes cmd run as the account, in a process group of its own so that a
// terminal's Ctrl-C reaches us first, with an environment of its own.
func (a account) as(cmd *exec.Cmd, dir string) {
	cmd.Dir = dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "TMPDIR=" + dir, "LC_ALL=C.UTF-8", "TZ=UTC"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: a.credential}
}

// start runs argv on a leash in dir; its output goes to dir/log.
func start(name, dir, signal string, who account, argv ...string) (*leashed, error) {
	alive, held, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	cmd := exec.Command("/bin/sh", append([]string{"-c", leash, "linggong-" + name, dir, signal}, argv...)...)
	cmd.ExtraFiles = []*os.File{held}
	who.as(cmd, dir)
	input, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	_ = held.Close()
	if err != nil {
		_ = alive.Close()
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	s := &leashed{name: name, dir: dir, cmd: cmd, input: input, ended: make(chan struct{}), gone: make(chan struct{})}
	go func() {
		_, _ = io.Copy(io.Discard, alive) // nothing is written; it ends with the server
		_ = alive.Close()
		close(s.ended)
	}()
	go func() {
		_ = cmd.Wait()
		close(s.gone)
	}()
	return s, nil
}
