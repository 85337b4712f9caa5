package httpapi

import (
	"context"

	"linggong/internal/access"
	"linggong/internal/errs"
	"linggong/internal/identity"
)

// NewSessions returns the Sessions of the accounts in s. Names tells a worker's
// own masked name, workers whether a person seeks work.
func NewSessions(s *identity.Service, names Names, workers Workers) Sessions {
	return sessions{s, names, workers}
}

type sessions struct {
	identity *identity.Service
	names    Names
	workers  Workers
}

// Authenticate implements Sessions.
func (s sessions) Authenticate(ctx context.Context, token string) (access.Actor, error) {
	actor, _, err := s.identity.Authenticate(ctx, token)
	return actor, err
}

// SignInStaff implements Sessions.
func (s sessions) SignInStaff(ctx context.Context, from access.Actor, username, password string) (NewSession, error) {
	b, err := s.identity.SignInStaff(ctx, from, username, password)
	return NewSession(b), err
}

// SendCode implements Sessions.
func (s sessions) SendCode(ctx context.Context, from access.Actor, phone, purpose string) (CodeSent, error) {
	sent, err := s.identity.SendCode(ctx, from, phone, purpose)
	return CodeSent{SentToMasked: sent.ToMasked, ExpiresIn: int(sent.ExpiresIn.Seconds())}, err
}

// SignInPhone implements Sessions.
func (s sessions) SignInPhone(ctx context.Context, from access.Actor, phone, code, purpose string) (NewSession, error) {
	b, err := s.identity.SignInPhone(ctx, from, phone, code, purpose)
	return NewSession(b), err
}

// PairKiosk implements Sessions.
func (s sessions) PairKiosk(ctx context.Context, from access.Actor, code string) (NewSession, error) {
	b, err := s.identity.PairKiosk(ctx, from, code)
	return NewSession(b), err
}

// SignOut implements Sessions.
func (s sessions) SignOut(ctx context.Context, actor access.Actor, session string) error {
	return s.identity.SignOut(ctx, actor, session)
}

// List implements Sessions.
func (s sessions) List(ctx context.Context, actor access.Actor) ([]SessionInfo, error) {
	all, err := s.identity.Sessions(ctx, actor)
	if err != nil {
		return nil, err
	}
	out := make([]SessionInfo, len(all))
	for i, n := range all {
		out[i] = SessionInfo{ID: n.ID, CreatedAt: n.CreatedAt, LastSeen: n.SeenAt, Expires: n.ExpiresAt, Origin: n.Origin}
	}
	return out, nil
}

// Me implements Sessions.
func (s sessions) Me(ctx context.Context, actor access.Actor) (Me, error) {
	who, err := s.identity.Me(ctx, actor)
	if err != nil {
		return Me{}, err
	}
	me := Me{
		Role: actor.Role, Name: who.Name, AccountID: actor.Account, NeedsProfile: who.NeedsProfile,
		Regions: make([]RegionRef, len(who.Regions)),
	}
	for i, r := range who.Regions {
		me.Regions[i] = RegionRef{Code: r.ID, Name: r.Name}
	}
	if st := who.Station; st != nil {
		me.Station = &StationRef{ID: st.ID, Name: st.Name, Town: st.Town}
	}
	if e := who.Employer; e != nil {
		me.Employer = &NamedRef{ID: e.ID, Name: e.Name}
		if me.Name == "" {
			me.Name = e.Name
		}
	}
	if who.Person != "" {
		return me, s.worker(ctx, actor, who.Person, &me)
	}
	return me, nil
}

// worker adds who the actor is as a job seeker.
func (s sessions) worker(ctx context.Context, actor access.Actor, person string, me *Me) error {
	names, err := s.names.People(ctx, []string{person})
	if err != nil {
		return err
	}
	me.Name = names[person]
	w, err := s.workers.OwnWorker(ctx, actor)
	if errs.KindOf(err) == errs.NotFound {
		me.NeedsProfile = true
		return nil
	}
	if err != nil {
		return err
	}
	me.Worker = &IDRef{ID: string(w.ID)}
	return nil
}
