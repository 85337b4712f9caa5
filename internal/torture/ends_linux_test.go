package torture_test

import (
	"os/exec"
	"syscall"
)

// endsWithUs lets a process be killed when the test is.
func endsWithUs(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
