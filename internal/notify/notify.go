// Package notify tells people things: an invitation, a code, a place and a time.
//
// Every message is a row first, written in the transaction of its cause, so it
// is told exactly when the act happened and never twice. Sending is a step of
// its own, through the SMS port. Without a gateway messages stay in the local
// outbox and say so: nothing pretends to have been sent.
//
// A text carries only what its reader needs: never an ID number, never that
// somebody is in hardship, unemployed or ill.
package notify

import (
	"context"
	"fmt"
	"time"

	"linggong/internal/access"
	"linggong/internal/errs"
	"linggong/internal/tx"
)

// What the package refuses with.
var (
	ErrNotFound = errs.New(errs.NotFound, "message_not_found", "没有这条消息", "There is no such message.")
	ErrTemplate = errs.New(errs.Internal, "message_template", "消息模板有误", "The message template does not fit.")
	ErrTopic    = errs.New(errs.Invalid, "topic_unknown", "没有这类消息", "There is no such kind of message.")
)

// State is what became of a message.
type State string

// A message is kept in the outbox, then sent or failed. One its reader does not
// want is muted: it is on the record that it was not told.
const (
	Kept   State = "kept"
	Sent   State = "sent"
	Failed State = "failed"
	Muted  State = "muted"
)

// Notice is something to tell a person.
type Notice struct {
	Cause    string            // id of the event it comes from: one cause, one telling
	Person   string            // person id
	Template Template          // which text
	Params   map[string]string // ids and codes, kept readable
	Words    map[string]string // what the text is filled with; sealed with it
}

// Message is one telling.
type Message struct {
	ID        string
	Cause     string
	Person    string // "" for a code to a phone nobody is known by
	Template  Template
	Params    map[string]string
	Phone     string // "" where the person has none
	Text      string
	State     State
	Tries     int
	CreatedAt time.Time
}

// Sender is the SMS port. Send returns nil only when the gateway took the message.
type Sender interface {
	Send(ctx context.Context, phone, text string) error
}

// Phones is the person registry, as far as it says where to write.
type Phones interface {
	// Phone returns the phone to write to a person, "" for none.
	Phone(ctx context.Context, person string) (string, error)
}

// Store keeps messages. Every method joins the transaction in ctx.
type Store interface {
	// Keep adds m and says whether it did: false when the same cause has told
	// the same reader the same already.
	Keep(ctx context.Context, m Message) (bool, error)
	// Message returns one, or ErrNotFound.
	Message(ctx context.Context, id string) (Message, error)
	// Mark writes what became of a message.
	Mark(ctx context.Context, id string, s State, tries int) error
	// Waiting returns the ids of kept messages with fewer than tries, oldest first.
	Waiting(ctx context.Context, tries, limit int) ([]string, error)
	// To returns the newest messages to a phone, to all when it is "".
	To(ctx context.Context, phone string, limit int) ([]Message, error)
	// Muted says whether a person does not want a topic.
	Muted(ctx context.Context, person string, topic Topic) (bool, error)
	// Mute writes whether a person wants a topic.
	Mute(ctx context.Context, person string, topic Topic, muted bool) error
	// Prune removes messages older than t.
	Prune(ctx context.Context, t time.Time) (int64, error)
}

// Deps are what a Service needs.
type Deps struct {
	Store  Store
	Tx     tx.Runner
	Phones Phones
	SMS    Sender // nil: there is no gateway, the outbox keeps everything
	Demo   bool   // the outbox may be read by whoever signs in
	NewID  func() string
	Now    func() time.Time
}

// Service is the use cases.
type Service struct{ Deps }

// NewService returns the use cases.
func NewService(d Deps) *Service { return &Service{Deps: d} }

// Tell puts a notice into the outbox, in the transaction in ctx. Told twice for
// one cause, it is there once.
func (s *Service) Tell(ctx context.Context, n Notice) error {
	text, err := n.Template.text(n.Words)
	if err != nil {
		return fmt.Errorf("tell %s: %w", n.Template, err)
	}
	return s.Tx.InTx(ctx, func(ctx context.Context) error {
		m := Message{
			ID: s.NewID(), Cause: n.Cause, Person: n.Person, Template: n.Template, Params: n.Params,
			Text: text, State: Kept, CreatedAt: s.Now(),
		}
		var err error
		if m.Phone, err = s.Phones.Phone(ctx, n.Person); err != nil {
			return fmt.Errorf("tell person %s: %w", n.Person, err)
		}
		muted, err := s.Store.Muted(ctx, n.Person, n.Template.topic())
		if err != nil {
			return err
		}
		switch {
		case muted:
			m.State = Muted
		case m.Phone == "":
			m.State = Failed // somebody has to go there
		}
		_, err = s.Store.Keep(ctx, m)
		return err
	})
}

// SendCode tells a phone its one-time code, at once. It must not be called
// inside a transaction: a gateway is asked.
func (s *Service) SendCode(ctx context.Context, phone, code, _ string) error {
	text, err := CodeSent.text(map[string]string{"code": code})
	if err != nil {
		return err
	}
	m := Message{ID: s.NewID(), Template: CodeSent, Phone: phone, Text: text, State: Kept, CreatedAt: s.Now()}
	m.Cause = m.ID
	if err := s.Tx.InTx(ctx, func(ctx context.Context) error {
		_, err := s.Store.Keep(ctx, m)
		return err
	}); err != nil {
		return err
	}
	return s.Deliver(ctx, m.ID)
}

// maxTries is how often a message is handed to the gateway.
const maxTries = 5

// Deliver hands one message to the gateway, if there is one. A message that was
// sent, muted or given up is left alone. It must not be called inside a transaction.
func (s *Service) Deliver(ctx context.Context, id string) error {
	if s.SMS == nil {
		return nil
	}
	tx.MustNotBeIn(ctx, "the SMS gateway")
	m, err := s.Store.Message(ctx, id)
	if err != nil {
		return err
	}
	if m.State != Kept || m.Phone == "" {
		return nil
	}
	// Counted before it is sent: a crash between the two may lose a message and
	// must not repeat one for ever.
	if err := s.mark(ctx, id, Kept, m.Tries+1); err != nil {
		return err
	}
	if err := s.SMS.Send(ctx, m.Phone, m.Text); err != nil {
		state := Kept
		if m.Tries+1 >= maxTries {
			state = Failed
		}
		if markErr := s.mark(ctx, id, state, m.Tries+1); markErr != nil {
			return markErr
		}
		return errs.New(errs.Unavailable, "sms_unavailable", "短信暂时发不出去，请稍后再试", "The message could not be sent; try again.").With(err)
	}
	return s.mark(ctx, id, Sent, m.Tries+1)
}

func (s *Service) mark(ctx context.Context, id string, state State, tries int) error {
	return s.Tx.InTx(ctx, func(ctx context.Context) error { return s.Store.Mark(ctx, id, state, tries) })
}

// DeliverWaiting hands over what waits and returns how many it tried; for a
// periodic job.
func (s *Service) DeliverWaiting(ctx context.Context, limit int) (int, error) {
	if s.SMS == nil {
		return 0, nil
	}
	ids, err := s.Store.Waiting(ctx, maxTries, limit)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		if err := s.Deliver(ctx, id); err != nil && errs.KindOf(err) != errs.Unavailable {
			return 0, err
		}
	}
	return len(ids), nil
}

// Outbox returns the newest messages to a phone, in the demo only: elsewhere
// whoever read it could sign in as anybody.
func (s *Service) Outbox(ctx context.Context, phone string, limit int) ([]Message, error) {
	if !s.Demo {
		return nil, ErrNotFound
	}
	return s.Store.To(ctx, phone, min(max(limit, 1), 100))
}

// SetPreference writes whether the actor wants to be told of a topic. Codes
// cannot be muted.
func (s *Service) SetPreference(ctx context.Context, actor access.Actor, topic Topic, wanted bool) error {
	if actor.Person == "" {
		return access.ErrSignIn
	}
	if topic != Gigs && topic != Appointments && topic != Wages {
		return ErrTopic
	}
	return s.Tx.InTx(ctx, func(ctx context.Context) error {
		return s.Store.Mute(ctx, actor.Person, topic, !wanted)
	})
}

// keepFor is how long messages can be asked about (service ledger, domain.md §8.4).
const keepFor = 2 * 366 * 24 * time.Hour

// Prune removes messages nobody has to account for any more.
func (s *Service) Prune(ctx context.Context) error {
	return s.Tx.InTx(ctx, func(ctx context.Context) error {
		_, err := s.Store.Prune(ctx, s.Now().Add(-keepFor))
		return err
	})
}
