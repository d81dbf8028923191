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

// ErrUnknownOutcome says that a commit was sent and nobody knows what became of it. Not to see its rows proves nothing: it may still
// be under way. Work that is done once however often it is done, as INSERT ... ON CONFLICT by a key of its own, is done again.
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

	after time.Duration
}

func (p *Problem) Error() string { return p.Title + ": " + p.Detail }

// Client routes by key.
type Client struct {
	// Router is its address, such as http://127.0.0.1:7432.
	Router string
	// Open gives a pool for a server; called for each use, so it keeps pools itself. With target_session_attrs=primary where
	// primary is true.
	Open func(server Server, database string, primary bool) (*sql.DB, error)
	// State tells the SQLSTATE of a driver's error, 08006 for a lost connection, and nothing for what has none.
	State func(error) string
	// Unconfirmed tells of a connection whether its last commit came with a warning, which drivers give to a handler of notices,
	// with SQLSTATE 01000 or 57P01: standbys may not have it. Nil where the driver does not tell.
	Unconfirmed func(*sql.Conn) bool

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
		if seconds, err := strconv.Atoi(response.Header.Get("Retry-After")); err == nil {
			problem.after = time.Duration(seconds) * time.Second
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

// again says whether an error is a reason to ask the router anew, and after which time.
func (c *Client) again(err error) (bool, time.Duration) {
	var problem *Problem
	if errors.As(err, &problem) {
		limited := problem.Status == http.StatusServiceUnavailable || problem.Status == http.StatusTooManyRequests
		return limited, problem.after
	}
	var unreachable *url.Error
	if errors.As(err, &unreachable) {
		return true, 0
	}
	state := c.State(err)
	lost := strings.HasPrefix(state, "08") || strings.HasPrefix(state, "57P0")
	return lost || state == "MO001" || state == "25006", 0
}

// retry runs attempt until it is done, fails for good, or ctx is over. also is a further reason to run it again; nil for none.
func (c *Client) retry(ctx context.Context, also error, attempt func() error) error {
	var unknown error
	for pause := 10 * time.Millisecond; ; pause = min(2*pause, 500*time.Millisecond) {
		err := attempt()
		if err == nil {
			return nil
		}
		again, after := c.again(err)
		if errors.Is(err, ErrUnknownOutcome) {
			again, after = also != nil && errors.Is(err, also), 0
			unknown = err
		} else if unknown != nil {
			// That this try did not do it says nothing of the one before.
			err = fmt.Errorf("%w; then: %w", unknown, err)
		}
		if !again {
			return err
		}
		select {
		case <-ctx.Done():
			return errors.Join(err, ctx.Err())
		case <-time.After(after + time.Duration(rand.Int63n(int64(pause)))):
		}
	}
}

// commit ends a transaction. An error that is not ErrUnknownOutcome says that it was not committed.
func (c *Client) commit(ctx context.Context, connection *sql.Conn, tx *sql.Tx) error {
	err := tx.Commit()
	if err == nil {
		if c.Unconfirmed != nil && c.Unconfirmed(connection) {
			return fmt.Errorf("%w: standbys may not have it", ErrUnknownOutcome)
		}
		return nil
	}
	// A reason is a refusal only while the server lives on: one that panics may have the commit in its log. What has no SQLSTATE
	// was not said by the server.
	if state := c.State(err); len(state) != 5 || strings.HasPrefix(state, "08") || strings.HasPrefix(state, "57P0") {
		return fmt.Errorf("%w: %w", ErrUnknownOutcome, err)
	}
	if _, gone := connection.ExecContext(ctx, "SELECT 1"); gone != nil {
		return fmt.Errorf("%w: %w", ErrUnknownOutcome, err)
	}
	return err
}

// Write runs work in a transaction on the key's primary. work may run several times, and again where nobody knows what became of its
// commit, so doing it twice has to be doing it once: INSERT ... ON CONFLICT ... DO UPDATE by a key of its own, for example. DO NOTHING
// would write nothing the second time, and so not wait for the standbys.
//
// It returns a token that has it. The token is empty when it is written and none can be had: Read with that asks the primary.
func (c *Client) Write(ctx context.Context, table string, key []string, token string, work func(*sql.Tx) error) (string, error) {
	var shard string
	var at *Position
	err := c.retry(ctx, ErrUnknownOutcome, func() error {
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
		if err := c.commit(ctx, connection, tx); err != nil {
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
	// From here on it is written, whatever else fails.
	if at == nil {
		err = c.retry(ctx, nil, func() error {
			_, connection, err := c.primary(ctx, table, key)
			if err != nil {
				return err
			}
			defer connection.Close()
			at, err = position(ctx, connection)
			return err
		})
	}
	var told string
	if err == nil {
		err = c.retry(ctx, nil, func() (err error) {
			told, err = c.report(ctx, shard, *at, token)
			return err
		})
	}
	if err != nil {
		return "", nil
	}
	return told, nil
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

// position asks a primary for a place in its log that is beyond every commit, and fails on a standby.
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

// Read runs work on a server that has all that the token says; the empty one stands for everything. work may run several times.
func (c *Client) Read(ctx context.Context, table string, key []string, token string, work func(*sql.Conn) error) error {
	consistency := "causal"
	if token == "" {
		consistency = "strong"
	}
	return c.retry(ctx, nil, func() error {
		wishes := url.Values{"intent": {"read"}, "consistency": {consistency}, "wait": {"5000"}}
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
