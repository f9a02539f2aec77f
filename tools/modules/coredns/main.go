// A name server for one test cluster: it answers for Services and pods, and for nothing else.
package main

import (
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/coremain"

	_ "github.com/coredns/coredns/plugin/cache"
	_ "github.com/coredns/coredns/plugin/errors"
	_ "github.com/coredns/coredns/plugin/kubernetes"
	_ "github.com/coredns/coredns/plugin/log"
	_ "github.com/coredns/coredns/plugin/ready"
)

// The order in which a query passes the plugins.
var order = []string{"ready", "errors", "log", "cache", "kubernetes"}

func main() {
	dnsserver.Directives = order
	coremain.Run()
}
