// A gRPC server and its client, for the claims about long-lived connections. The calls are those of the standard health
// service: Check is unary, Watch a stream. `grpc-probe server` listens on port 9000; `grpc-probe client` calls $TARGET
// and prints what it sees each second, as one line of JSON.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "client" {
		runClient()
	} else {
		runServer()
	}
}

func number(name string, usual int) int {
	if value, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return value
	}
	return usual
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// After SIGTERM, it sends GOAWAY, ends the calls that run, and after 3 s the streams.
func runServer() {
	host, _ := os.Hostname()
	params := keepalive.ServerParameters{}
	if age := number("MAX_AGE_SECONDS", 0); age > 0 {
		params.MaxConnectionAge = time.Duration(age) * time.Second
		params.MaxConnectionAgeGrace = 3 * time.Second
	}
	server := grpc.NewServer(
		grpc.KeepaliveParams(params),
		grpc.UnaryInterceptor(func(ctx context.Context, request any, _ *grpc.UnaryServerInfo, handle grpc.UnaryHandler) (any, error) {
			_ = grpc.SetHeader(ctx, metadata.Pairs("pod", host))
			return handle(ctx, request)
		}),
	)
	grpc_health_v1.RegisterHealthServer(server, health.NewServer())
	listener, err := net.Listen("tcp", ":9000")
	must(err)
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	go func() {
		<-stop
		time.AfterFunc(3*time.Second, server.Stop)
		server.GracefulStop()
	}()
	must(server.Serve(listener))
}

type seen struct {
	sync.Mutex
	Sent        int            `json:"sent"`
	Ok          int            `json:"ok"`
	Failed      int            `json:"failed"`
	Codes       map[string]int `json:"codes"`
	LastError   string         `json:"lastError"`
	SlowestMs   int64          `json:"slowestMs"`
	Pods        map[string]int `json:"pods"`
	Streams     int            `json:"streams"`
	GoAways     int            `json:"goAways"`
	StreamsDown int            `json:"streamsDown"`
	StreamEnd   string         `json:"streamEnd"`
	Seconds     float64        `json:"seconds"`
}

func runClient() {
	connection, err := grpc.NewClient(
		"dns:///"+os.Getenv("TARGET"),
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultServiceConfig(`{"loadBalancingConfig":[{"round_robin":{}}]}`),
		grpc.WithDisableRetry(),
	)
	must(err)
	client := grpc_health_v1.NewHealthClient(connection)
	result := &seen{Codes: map[string]int{}, Pods: map[string]int{}}
	started := time.Now()
	go watch(client, result)
	go func() {
		for range time.Tick(time.Second / time.Duration(number("RATE", 50))) {
			go call(client, result)
		}
	}()
	for range time.Tick(time.Second) {
		result.Lock()
		result.Seconds = time.Since(started).Seconds()
		line, _ := json.Marshal(result)
		result.Unlock()
		fmt.Println(string(line))
	}
}

func call(client grpc_health_v1.HealthClient, result *seen) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	var header metadata.MD
	from := time.Now()
	_, err := client.Check(ctx, &grpc_health_v1.HealthCheckRequest{}, grpc.Header(&header))
	took := time.Since(from).Milliseconds()
	result.Lock()
	defer result.Unlock()
	result.Sent++
	if took > result.SlowestMs {
		result.SlowestMs = took
	}
	if err != nil {
		result.Failed++
		result.Codes[status.Code(err).String()]++
		result.LastError = err.Error()
		return
	}
	result.Ok++
	for _, pod := range header.Get("pod") {
		result.Pods[pod]++
	}
}

// Keeps one stream open, and opens it again when it ends.
func watch(client grpc_health_v1.HealthClient, result *seen) {
	for {
		stream, err := client.Watch(context.Background(), &grpc_health_v1.HealthCheckRequest{})
		if err == nil {
			_, err = stream.Recv()
		}
		opened := err == nil
		if opened {
			result.Lock()
			result.Streams++
			result.Unlock()
			for err == nil {
				_, err = stream.Recv()
			}
		}
		result.Lock()
		if !opened {
			result.StreamsDown++
		} else {
			result.StreamEnd = err.Error()
			if strings.Contains(strings.ToLower(err.Error()), "goaway") {
				result.GoAways++
			}
		}
		result.Unlock()
		if !opened {
			time.Sleep(100 * time.Millisecond)
		}
	}
}
