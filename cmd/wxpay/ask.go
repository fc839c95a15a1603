package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/wxpay-go/wxpay/cmd/internal/caller"
)

// asks reports whether somebody can be asked for what is missing.
func (f *callFlags) asks(stdin io.Reader) bool {
	return !f.json && f.data != "-" && isTerminal(stdin) && isTerminal(f.stderr)
}

// ask asks for every required field until nothing is missing. Answers that
// break a rule are asked for again.
func (f *callFlags) ask(ctx context.Context, stdin io.Reader, c *caller.Call) error {
	lines := readLines(stdin)
	for missing := c.Missing(); len(missing) > 0; missing = c.Missing() {
		m := missing[0]
		f.question(m)
		select {
		case <-ctx.Done():
			return errors.New("interrupted, nothing was sent")
		case line, ok := <-lines:
			if !ok {
				return usageError{fmt.Errorf("nobody answers: %w", c.Complete())}
			}
			if err := placeAnswer(c, m, strings.TrimSpace(line)); err != nil {
				f.note("%s", message(err))
			}
		}
	}
	if err := c.Complete(); err != nil {
		return usageError{err}
	}
	return nil
}

// readLines reads in the background: a read of a terminal cannot be cancelled,
// and Ctrl-C must end the program all the same.
func readLines(r io.Reader) <-chan string {
	lines := make(chan string)
	go func() {
		defer close(lines)
		for s := bufio.NewScanner(r); s.Scan(); {
			lines <- s.Text()
		}
	}()
	return lines
}

func (f *callFlags) question(m caller.Missing) {
	about := strings.TrimSpace(m.Field.Label + " " + m.Field.Doc)
	fmt.Fprintf(f.stderr, "\n%s\n%s", about, m.Name)
	if limits := caller.Limits(m.Field); limits != "" {
		fmt.Fprintf(f.stderr, " (%s)", limits)
	}
	switch {
	case m.IsFile():
		fmt.Fprint(f.stderr, ", path of the file")
	case m.IsJSON():
		fmt.Fprint(f.stderr, ", as JSON")
	}
	fmt.Fprint(f.stderr, ": ")
}

// placeAnswer puts an answer where it belongs.
func placeAnswer(c *caller.Call, m caller.Missing, answer string) error {
	switch {
	case answer == "":
		return nil // asked for again
	case m.IsFile():
		return c.Set(m.Name, "@"+strings.TrimPrefix(answer, "@"))
	case m.IsJSON():
		return c.Try(m.Name, answer, c.SetJSON)
	}
	return c.Try(m.Name, answer, c.Set)
}
