package main

import (
	"context"
	"time"

	"sayso/internal/exercise"
	"sayso/internal/operation"
	"sayso/internal/people"
	"sayso/internal/report"
	"sayso/internal/survey"
)

// timed is the store with a stop watch in hand. What passes through unwatched takes as long as whoever reads it:
// the iterators.
type timed struct {
	store
	metrics *operation.Metrics
}

// time starts the watch; the function stops it.
func (w timed) time(name string, err *error) func() {
	begun := time.Now()
	return func() { w.metrics.Stored(name, time.Since(begun), *err) }
}

// The surveys and what people say.

func (w timed) PublishSurvey(ctx context.Context, s survey.Survey) (err error) {
	defer w.time("PublishSurvey", &err)()
	return w.store.PublishSurvey(ctx, s)
}

func (w timed) Survey(ctx context.Context, id string, version int) (s survey.Survey, err error) {
	defer w.time("Survey", &err)()
	return w.store.Survey(ctx, id, version)
}

func (w timed) CreateDraft(ctx context.Context, d survey.Draft) (err error) {
	defer w.time("CreateDraft", &err)()
	err = w.store.CreateDraft(ctx, d)
	w.metrics.Saved(operation.Begin, err)
	return err
}

func (w timed) Draft(ctx context.Context, id string) (d survey.Draft, err error) {
	defer w.time("Draft", &err)()
	return w.store.Draft(ctx, id)
}

func (w timed) UpdateDraft(ctx context.Context, id string, change func(*survey.Draft) error) (d survey.Draft, err error) {
	defer w.time("UpdateDraft", &err)()
	d, err = w.store.UpdateDraft(ctx, id, change)
	w.metrics.Saved(operation.Page, err)
	return d, err
}

func (w timed) DeleteDraft(ctx context.Context, id string) (err error) {
	defer w.time("DeleteDraft", &err)()
	return w.store.DeleteDraft(ctx, id)
}

func (w timed) ExpireDrafts(ctx context.Context, before exercise.Day) (n int, err error) {
	defer w.time("ExpireDrafts", &err)()
	return w.store.ExpireDrafts(ctx, before)
}

func (w timed) Append(ctx context.Context, rs ...survey.Response) (added int, err error) {
	defer w.time("Append", &err)()
	added, err = w.store.Append(ctx, rs...)
	w.metrics.Saved(operation.Submit, err)
	w.metrics.Appended(added)
	return added, err
}

func (w timed) Response(ctx context.Context, ref survey.Ref) (r survey.Response, err error) {
	defer w.time("Response", &err)()
	return w.store.Response(ctx, ref)
}

func (w timed) Withdraw(ctx context.Context, ref survey.Ref) (err error) {
	defer w.time("Withdraw", &err)()
	return w.store.Withdraw(ctx, ref)
}

func (w timed) Hold(ctx context.Context, ref survey.Ref, why survey.Hold) (err error) {
	defer w.time("Hold", &err)()
	return w.store.Hold(ctx, ref, why)
}

func (w timed) Stretches(ctx context.Context, area, of string) (stretches []survey.Stretch, err error) {
	defer w.time("Stretches", &err)()
	return w.store.Stretches(ctx, area, of)
}

func (w timed) CountResponses(ctx context.Context, area, survey string) (n int, err error) {
	defer w.time("CountResponses", &err)()
	return w.store.CountResponses(ctx, area, survey)
}

// The receipts of those who spoke.

func (w timed) CreateReceipt(ctx context.Context, r people.Receipt) (err error) {
	defer w.time("CreateReceipt", &err)()
	return w.store.CreateReceipt(ctx, r)
}

func (w timed) Receipt(ctx context.Context, hash string) (r people.Receipt, err error) {
	defer w.time("Receipt", &err)()
	return w.store.Receipt(ctx, hash)
}

func (w timed) SubmitReceipt(ctx context.Context, hash, day string) (err error) {
	defer w.time("SubmitReceipt", &err)()
	return w.store.SubmitReceipt(ctx, hash, day)
}

func (w timed) DeleteReceipts(ctx context.Context, drafts ...string) (err error) {
	defer w.time("DeleteReceipts", &err)()
	return w.store.DeleteReceipts(ctx, drafts...)
}

func (w timed) Spend(ctx context.Context, key string, change func(*people.Spending)) (v people.Spending, err error) {
	defer w.time("Spend", &err)()
	return w.store.Spend(ctx, key, change)
}

func (w timed) ExpireSpendings(ctx context.Context, before time.Time) (n int, err error) {
	defer w.time("ExpireSpendings", &err)()
	return w.store.ExpireSpendings(ctx, before)
}

// Staff, their sessions and what they did.

func (w timed) CreateStaff(ctx context.Context, s people.Staff) (err error) {
	defer w.time("CreateStaff", &err)()
	return w.store.CreateStaff(ctx, s)
}

func (w timed) Staff(ctx context.Context, id string) (s people.Staff, err error) {
	defer w.time("Staff", &err)()
	return w.store.Staff(ctx, id)
}

func (w timed) StaffNamed(ctx context.Context, name string) (s people.Staff, err error) {
	defer w.time("StaffNamed", &err)()
	return w.store.StaffNamed(ctx, name)
}

func (w timed) UpdateStaff(ctx context.Context, id string, change func(*people.Staff) error) (s people.Staff, err error) {
	defer w.time("UpdateStaff", &err)()
	return w.store.UpdateStaff(ctx, id, change)
}

func (w timed) StaffAfter(ctx context.Context, name string, limit int) (all []people.Staff, err error) {
	defer w.time("StaffAfter", &err)()
	return w.store.StaffAfter(ctx, name, limit)
}

func (w timed) CreateInvitation(ctx context.Context, i people.Invitation) (err error) {
	defer w.time("CreateInvitation", &err)()
	return w.store.CreateInvitation(ctx, i)
}

func (w timed) Invitation(ctx context.Context, hash string) (i people.Invitation, err error) {
	defer w.time("Invitation", &err)()
	return w.store.Invitation(ctx, hash)
}

func (w timed) Invitations(ctx context.Context) (all []people.Invitation, err error) {
	defer w.time("Invitations", &err)()
	return w.store.Invitations(ctx)
}

func (w timed) TakeInvitation(ctx context.Context, hash string) (i people.Invitation, err error) {
	defer w.time("TakeInvitation", &err)()
	return w.store.TakeInvitation(ctx, hash)
}

func (w timed) CreateSession(ctx context.Context, s people.Session) (err error) {
	defer w.time("CreateSession", &err)()
	return w.store.CreateSession(ctx, s)
}

func (w timed) Session(ctx context.Context, hash string) (s people.Session, err error) {
	defer w.time("Session", &err)()
	return w.store.Session(ctx, hash)
}

func (w timed) UpdateSession(ctx context.Context, hash string, change func(*people.Session) error) (s people.Session, err error) {
	defer w.time("UpdateSession", &err)()
	return w.store.UpdateSession(ctx, hash, change)
}

func (w timed) DeleteSession(ctx context.Context, hash string) (err error) {
	defer w.time("DeleteSession", &err)()
	return w.store.DeleteSession(ctx, hash)
}

func (w timed) SessionsOf(ctx context.Context, staff string, limit int) (all []people.Session, err error) {
	defer w.time("SessionsOf", &err)()
	return w.store.SessionsOf(ctx, staff, limit)
}

func (w timed) DeleteSessionsOf(ctx context.Context, staff, but string) (err error) {
	defer w.time("DeleteSessionsOf", &err)()
	return w.store.DeleteSessionsOf(ctx, staff, but)
}

func (w timed) ExpireSessions(ctx context.Context, begun, seen time.Time) (n int, err error) {
	defer w.time("ExpireSessions", &err)()
	return w.store.ExpireSessions(ctx, begun, seen)
}

func (w timed) AppendEntry(ctx context.Context, e people.Entry) (err error) {
	defer w.time("AppendEntry", &err)()
	return w.store.AppendEntry(ctx, e)
}

func (w timed) LastEntry(ctx context.Context) (e people.Entry, err error) {
	defer w.time("LastEntry", &err)()
	return w.store.LastEntry(ctx)
}

func (w timed) EntriesBefore(ctx context.Context, areas []string, before int64, limit int) (all []people.Entry, err error) {
	defer w.time("EntriesBefore", &err)()
	return w.store.EntriesBefore(ctx, areas, before, limit)
}

// Reports.

func (w timed) CreateRecord(ctx context.Context, r report.Record) (err error) {
	defer w.time("CreateRecord", &err)()
	return w.store.CreateRecord(ctx, r)
}

func (w timed) Record(ctx context.Context, survey string, number int) (r report.Record, err error) {
	defer w.time("Record", &err)()
	return w.store.Record(ctx, survey, number)
}

func (w timed) UpdateRecord(ctx context.Context, survey string, number int, change func(*report.Record) error) (r report.Record, err error) {
	defer w.time("UpdateRecord", &err)()
	return w.store.UpdateRecord(ctx, survey, number, change)
}

func (w timed) Records(ctx context.Context, survey string) (all []report.Record, err error) {
	defer w.time("Records", &err)()
	return w.store.Records(ctx, survey)
}

func (w timed) LatestApproved(ctx context.Context, survey string) (r report.Record, err error) {
	defer w.time("LatestApproved", &err)()
	return w.store.LatestApproved(ctx, survey)
}

func (w timed) ApprovedRecords(ctx context.Context, limit int) (all []report.Record, err error) {
	defer w.time("ApprovedRecords", &err)()
	return w.store.ApprovedRecords(ctx, limit)
}

func (w timed) KeepFolds(ctx context.Context, folds ...report.Fold) (err error) {
	defer w.time("KeepFolds", &err)()
	return w.store.KeepFolds(ctx, folds...)
}

func (w timed) DropFolds(ctx context.Context, folds ...report.Fold) (err error) {
	defer w.time("DropFolds", &err)()
	return w.store.DropFolds(ctx, folds...)
}
