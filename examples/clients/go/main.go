// Looks keys up over a PgMosaic router's HTTP interface, carries causal tokens, and runs work again where that is safe. It uses
// database/sql and no driver of its own: import yours, for example github.com/jackc/pgx/v5/stdlib, and give its name and a way to
// tell SQLSTATEs to Client.
//
// Run alone, it prints where a key lives: go run . TABLE KEY
package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

// ErrUnknownOutcome says that a commit was sent and its answer did not come: look whether it is there, never just repeat it.
var ErrUnknownOutcome = errors.New("a commit was sent and what became of it is unknown")

// Server is where to connect to.
type Server struct {
	Instance string `json:"instance"`
	Host     string `json:"host"`
	Port     int    `json:"port"`
	Role     string `json:"role"`
}

// Position is a place in a shard's log.
type Position struct {
	Term int64  `json:"term"`
	LSN  string `json:"lsn"`
}

// Route is the answer to a lookup.
type Route struct {
	Shard    string    `json:"shard"`
	Term     int64     `json:"term"`
	Database string    `json:"database"`
	Server   Server    `json:"server"`
	Position *Position `json:"position"`
}

// Problem is an answer that is none.
type Problem struct {
	Status int    `json:"status"`
	Title  string `json:"title"`
	Detail string `json:"detail"`
}

func (p *Problem) Error() string { return p.Title + ": " + p.Detail }

// Client routes by key.
type Client struct {
	// Router is its address, such as http://127.0.0.1:7432.
	Router string
	// Open gives a pool for a server; called for each use, so it keeps pools itself. With target_session_attrs=primary where
	// primary is true.
	Open func(server Server, database string, primary bool) (*sql.DB, error)
	// State tells the SQLSTATE of a driver's error, and 08006 for a lost connection.
	State func(error) string

	http http.Client
}

func (c *Client) ask(ctx context.Context, method, path string, body any, token string, answer any) error {
	var content bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&content).Encode(body); err != nil {
			return err
		}
	}
	request, err := http.NewRequestWithContext(ctx, method, c.Router+path, &content)
	if err != nil {
		return err
	}
	if token != "" {
		request.Header.Set("X-Causal-Token", token)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		problem := &Problem{Status: response.StatusCode}
		if err := json.NewDecoder(response.Body).Decode(problem); err != nil {
			return err
		}
		return problem
	}
	return json.NewDecoder(response.Body).Decode(answer)
}

// Lookup finds the server for a key. wishes are further parameters, such as intent and consistency.
func (c *Client) Lookup(ctx context.Context, table string, key []string, wishes url.Values, token string) (Route, error) {
	query := url.Values{"table": {table}, "key": key}
	for name, values := range wishes {
		query[name] = values
	}
	var route Route
	err := c.ask(ctx, http.MethodGet, "/v1/route?"+query.Encode(), nil, token, &route)
	return route, err
}

// report makes a token that has a position in it, beside what is in token.
func (c *Client) report(ctx context.Context, shard string, at Position, token string) (string, error) {
	body := map[string]any{"shard": shard, "term": at.Term, "lsn": at.LSN, "kind": "write"}
	var answer struct {
		Token string `json:"token"`
	}
	err := c.ask(ctx, http.MethodPost, "/v1/positions", body, token, &answer)
	return answer.Token, err
}

// again says whether an error is a reason to ask the router anew.
func (c *Client) again(err error) bool {
	var problem *Problem
	if errors.As(err, &problem) {
		return problem.Status == http.StatusServiceUnavailable
	}
	state := c.State(err)
	return state == "MO001" || state == "25006" || c.isLost(err)
}

func (c *Client) isLost(err error) bool {
	state := c.State(err)
	return strings.HasPrefix(state, "08") || strings.HasPrefix(state, "57P0")
}

func (c *Client) retry(ctx context.Context, attempt func() error) error {
	for pause := 10 * time.Millisecond; ; pause = min(2*pause, 500*time.Millisecond) {
		err := attempt()
		if err == nil || errors.Is(err, ErrUnknownOutcome) || !c.again(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return errors.Join(err, ctx.Err())
		case <-time.After(time.Duration(rand.Int63n(int64(pause)))):
		}
	}
}

// Write runs work in a transaction on the key's primary and returns a token that has it. work may run several times.
func (c *Client) Write(ctx context.Context, table string, key []string, token string, work func(*sql.Tx) error) (string, error) {
	var shard string
	var at *Position
	err := c.retry(ctx, func() error {
		route, connection, err := c.primary(ctx, table, key)
		if err != nil {
			return err
		}
		defer connection.Close()
		tx, err := connection.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		if err := work(tx); err != nil {
			return errors.Join(err, ignoreDone(tx.Rollback()))
		}
		if err := tx.Commit(); err != nil {
			if c.isLost(err) {
				return fmt.Errorf("%w: %w", ErrUnknownOutcome, err)
			}
			return err
		}
		shard = route.Shard
		// Committed: that the position cannot be asked for now is no reason to do the work again.
		at, _ = position(ctx, connection)
		return nil
	})
	if err != nil {
		return token, err
	}
	for at == nil {
		err := c.retry(ctx, func() error {
			_, connection, err := c.primary(ctx, table, key)
			if err != nil {
				return err
			}
			defer connection.Close()
			at, err = position(ctx, connection)
			return err
		})
		if err != nil {
			return token, err
		}
	}
	return c.report(ctx, shard, *at, token)
}

// primary connects to the primary of a key.
func (c *Client) primary(ctx context.Context, table string, key []string) (Route, *sql.Conn, error) {
	route, err := c.Lookup(ctx, table, key, url.Values{"wait": {"5000"}}, "")
	if err != nil {
		return route, nil, err
	}
	db, err := c.Open(route.Server, route.Database, true)
	if err != nil {
		return route, nil, err
	}
	connection, err := db.Conn(ctx)
	return route, connection, err
}

// position asks a primary for a place in its log that is beyond every commit.
func position(ctx context.Context, connection *sql.Conn) (*Position, error) {
	const question = "SELECT current_setting('mosaic.term')::bigint, pg_current_wal_insert_lsn()::text"
	var at Position
	if err := connection.QueryRowContext(ctx, question).Scan(&at.Term, &at.LSN); err != nil {
		return nil, err
	}
	return &at, nil
}

func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}

// Read runs work on a server that has all that the token says. work may run several times.
func (c *Client) Read(ctx context.Context, table string, key []string, token string, work func(*sql.Conn) error) error {
	return c.retry(ctx, func() error {
		wishes := url.Values{"intent": {"read"}, "consistency": {"causal"}, "wait": {"5000"}}
		route, err := c.Lookup(ctx, table, key, wishes, token)
		if err != nil {
			return err
		}
		db, err := c.Open(route.Server, route.Database, route.Server.Role == "primary")
		if err != nil {
			return err
		}
		connection, err := db.Conn(ctx)
		if err != nil {
			return err
		}
		defer connection.Close()
		if route.Position != nil && route.Server.Role == "replica" {
			// Needed on a new connection alone: a replica that crashed may be behind what it had shown.
			var there bool
			const question = "SELECT pg_last_wal_replay_lsn() >= $1::pg_lsn"
			if err := connection.QueryRowContext(ctx, question, route.Position.LSN).Scan(&there); err != nil {
				return err
			}
			if !there {
				return &Problem{Status: http.StatusServiceUnavailable, Title: "replica behind", Detail: route.Server.Instance}
			}
		}
		return work(connection)
	})
}

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: orders TABLE KEY...")
		os.Exit(2)
	}
	router := os.Getenv("PGMOSAIC_ROUTER_URL")
	if router == "" {
		router = "http://127.0.0.1:7432"
	}
	client := &Client{Router: router}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	route, err := client.Lookup(ctx, os.Args[1], os.Args[2:], url.Values{"intent": {"write"}}, "")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(route.Shard, route.Server.Host+":"+strconv.Itoa(route.Server.Port), "term", route.Term)
}
