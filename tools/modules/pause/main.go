// Pause does nothing for as long as its namespaces are wanted.
//
// The kubelet starts it as the first process of every pod, and tools/cluster starts it as the first process of the
// node. As process 1 it inherits orphans, so it collects those that ended; it ends itself when it is asked to.
package main

import (
	"os"
	"os/signal"
	"syscall"
)

func main() {
	signals := make(chan os.Signal, 16)
	signal.Notify(signals, syscall.SIGCHLD, syscall.SIGINT, syscall.SIGTERM)
	for received := range signals {
		if received != syscall.SIGCHLD {
			return
		}
		collectEnded()
	}
}

// One SIGCHLD may stand for several children, so everything that has ended is collected.
func collectEnded() {
	for {
		pid, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil)
		if err == syscall.EINTR {
			continue
		}
		if err != nil || pid <= 0 {
			return
		}
	}
}
