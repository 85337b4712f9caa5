// Package event is what an act tells the rest of the system.
//
// A use case publishes an Event inside its transaction. From that one call come,
// in the same transaction, the audit row, the indicator facts and the jobs that
// run after the commit. An event carries ids, codes and numbers, never a name,
// a phone, an ID number, an address or a health fact.
package event

import (
	"context"
	"time"

	"linggong/internal/access"
	"linggong/internal/day"
)

// Kind names an act in the past tense: "gig.engagement_settled".
type Kind string

// Event is one act.
type Event struct {
	ID      string // UUIDv7, given by the publisher when empty
	Kind    Kind
	Actor   access.Actor
	Subject Ref      // the thing that changed
	Region  string   // the village's 12-digit code, or the town's or city's where no village is known
	On      day.Date // the business date on which it was true; the publisher's today when empty
	At      time.Time

	Person string            // person id it counts for, if any
	Refs   []Ref             // other things it touches
	Nums   map[string]int64  // numbers that facts are made of (hours, fen, heads)
	Tags   map[string]string // codes that facts and messages choose by; no free text
	Reason string            // why, as the actor gave it; kept in the audit row only
}

// Ref points at a thing by kind and id: {"posting", "0190…"}.
type Ref struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
}

// Publisher records an event in the transaction in ctx. Without a transaction
// it returns an error: an act that is not atomic with its trace is a defect.
type Publisher interface {
	Publish(ctx context.Context, events ...Event) error
}

// Subscriber is told of an event inside its transaction; an error undoes the act.
type Subscriber interface {
	Handle(ctx context.Context, e Event) error
}

// Kinds of the whole product stand here in one list, so that the fact rules,
// the projections and the audit speak of the same acts.
const (
	AccountCreated   Kind = "identity.account_created"
	SignedIn         Kind = "identity.signed_in"
	SignInFailed     Kind = "identity.sign_in_failed"
	SignedOut        Kind = "identity.signed_out"
	SessionRevoked   Kind = "identity.session_revoked"
	KioskPaired      Kind = "identity.kiosk_paired"
	PersonRegistered Kind = "person.registered"
	PersonChanged    Kind = "person.changed"
	PersonRevealed   Kind = "person.revealed"

	StationOpened        Kind = "gig.station_opened"
	EmployerRegistered   Kind = "gig.employer_registered"
	EmployerVerified     Kind = "gig.employer_verified"
	WorkerRegistered     Kind = "gig.worker_registered"
	WorkerChanged        Kind = "gig.worker_changed"
	PostingCreated       Kind = "gig.posting_created"
	PostingPublished     Kind = "gig.posting_published"
	PostingChanged       Kind = "gig.posting_changed"
	PostingClosed        Kind = "gig.posting_closed"
	PostingTakenDown     Kind = "gig.posting_taken_down"
	EngagementApplied    Kind = "gig.engagement_applied"
	EngagementInvited    Kind = "gig.engagement_invited"
	EngagementConfirmed  Kind = "gig.engagement_confirmed"
	EngagementDeclined   Kind = "gig.engagement_declined"
	EngagementWithdrawn  Kind = "gig.engagement_withdrawn"
	EngagementCancelled  Kind = "gig.engagement_cancelled"
	EngagementCheckedIn  Kind = "gig.engagement_checked_in"
	EngagementCheckedOut Kind = "gig.engagement_checked_out"
	EngagementNoShow     Kind = "gig.engagement_no_show"
	EngagementDisputed   Kind = "gig.engagement_disputed"
	HoursStated          Kind = "gig.hours_stated"
	HoursConfirmed       Kind = "gig.hours_confirmed"
	EngagementSettled    Kind = "gig.engagement_settled"
	EngagementRated      Kind = "gig.engagement_rated"
	TrainingCompleted    Kind = "gig.training_completed"

	WageClueOpened    Kind = "labour.wage_clue_opened"
	WageClueConfirmed Kind = "labour.wage_clue_confirmed"
	WageClueResolved  Kind = "labour.wage_clue_resolved"
	WageClueMoved     Kind = "labour.wage_clue_moved"
	MediationClosed   Kind = "labour.mediation_closed"

	HouseholdChanged     Kind = "hardship.household_changed"
	RecognitionSubmitted Kind = "hardship.recognition_submitted"
	RecognitionMoved     Kind = "hardship.recognition_moved"
	RecognitionGranted   Kind = "hardship.recognition_granted"
	RecognitionRefused   Kind = "hardship.recognition_refused"
	RecognitionEnded     Kind = "hardship.recognition_ended"
	CaseOpened           Kind = "hardship.case_opened"
	CaseChanged          Kind = "hardship.case_changed"
	CaseAssessed         Kind = "hardship.case_assessed"
	CaseClosed           Kind = "hardship.case_closed"
	VisitRecorded        Kind = "hardship.visit_recorded"
	MeasureRecorded      Kind = "hardship.measure_recorded"

	WelfarePostMoved  Kind = "welfare.post_moved"
	PlacementProposed Kind = "welfare.placement_proposed"
	PlacementMoved    Kind = "welfare.placement_moved"
	PlacementStarted  Kind = "welfare.placement_started"
	PlacementEnded    Kind = "welfare.placement_ended"

	ReportSubmitted Kind = "indicator.report_submitted"
	ReportApproved  Kind = "indicator.report_approved"
	ReportReturned  Kind = "indicator.report_returned"
	FactReversed    Kind = "indicator.fact_reversed"
	ParameterSet    Kind = "rules.parameter_set"
)
