// Loadgen sends one kind of request over some connections for some seconds and prints one line of JSON.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"sort"
	"strings"
	"sync"
	"time"
)

type result struct {
	Requests  int     `json:"requests"`
	Failures  int     `json:"failures"`
	Seconds   float64 `json:"seconds"`
	PerSecond float64 `json:"perSecond"`
	P50       float64 `json:"p50Milliseconds"`
	P99       float64 `json:"p99Milliseconds"`
	Failure   string  `json:"failure,omitempty"`
}

type tally struct {
	latencies []float64
	failures  int
	failure   string
}

func main() {
	method := flag.String("method", "PUT", "of the requests")
	url := flag.String("url", "", "%d becomes a number that each request has for itself, below -keys")
	token := flag.String("token", "", "bearer token")
	size := flag.Int("size", 100, "bytes of the body of a PUT")
	keys := flag.Int("keys", 10000, "how many different numbers")
	clients := flag.Int("clients", 32, "connections")
	duration := flag.Duration("duration", 5*time.Second, "how long")
	flag.Parse()

	transport := &http.Transport{MaxIdleConnsPerHost: *clients, DisableCompression: true}
	client := &http.Client{Transport: transport}
	body := strings.Repeat("x", *size)
	started := time.Now()
	end := started.Add(*duration)
	tallies := make([]tally, *clients)
	var group sync.WaitGroup
	for number := range *clients {
		group.Add(1)
		go func() {
			defer group.Done()
			tallies[number] = send(client, *method, *url, *token, body, number, *clients, *keys, end)
		}()
	}
	group.Wait()
	report(tallies, time.Since(started).Seconds())
}

func send(client *http.Client, method, url, token, body string, number, clients, keys int, end time.Time) tally {
	var own tally
	for key := number; time.Now().Before(end); key = (key + clients) % keys {
		target := url
		if strings.Contains(url, "%d") {
			target = fmt.Sprintf(url, key)
		}
		var content io.Reader
		if method == http.MethodPut {
			content = strings.NewReader(body)
		}
		began := time.Now()
		request, err := http.NewRequest(method, target, content)
		if err == nil {
			if token != "" {
				request.Header.Set("Authorization", "Bearer "+token)
			}
			err = exchange(client, request)
		}
		if err != nil {
			own.failures++
			own.failure = err.Error()
			continue
		}
		own.latencies = append(own.latencies, float64(time.Since(began).Microseconds())/1000)
	}
	return own
}

func exchange(client *http.Client, request *http.Request) error {
	reply, err := client.Do(request)
	if err != nil {
		return err
	}
	defer reply.Body.Close()
	if _, err := io.Copy(io.Discard, reply.Body); err != nil {
		return err
	}
	if reply.StatusCode >= 300 {
		return fmt.Errorf("status %d", reply.StatusCode)
	}
	return nil
}

func report(tallies []tally, seconds float64) {
	all := result{Seconds: seconds}
	var latencies []float64
	for _, own := range tallies {
		latencies = append(latencies, own.latencies...)
		all.Failures += own.failures
		if own.failure != "" {
			all.Failure = own.failure
		}
	}
	sort.Float64s(latencies)
	all.Requests = len(latencies)
	if all.Requests > 0 {
		all.PerSecond = float64(all.Requests) / seconds
		all.P50 = latencies[all.Requests/2]
		all.P99 = latencies[all.Requests*99/100]
	}
	if err := json.NewEncoder(os.Stdout).Encode(all); err != nil {
		os.Exit(1)
	}
}
