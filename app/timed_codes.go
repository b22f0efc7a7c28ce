package main

import (
	"context"

	"sayso/internal/admission"
)

// The invitation codes.

func (w timed) CreateBatch(ctx context.Context, b admission.Batch) (err error) {
	defer w.time("CreateBatch", &err)()
	return w.store.CreateBatch(ctx, b)
}

func (w timed) Batch(ctx context.Context, id string) (b admission.Batch, err error) {
	defer w.time("Batch", &err)()
	return w.store.Batch(ctx, id)
}

func (w timed) UpdateBatch(ctx context.Context, id string, change func(*admission.Batch) error) (b admission.Batch, err error) {
	defer w.time("UpdateBatch", &err)()
	return w.store.UpdateBatch(ctx, id, change)
}

func (w timed) BatchesOf(ctx context.Context, e admission.Exercise) (all []admission.Batch, err error) {
	defer w.time("BatchesOf", &err)()
	return w.store.BatchesOf(ctx, e)
}

func (w timed) AddSlips(ctx context.Context, batch string, hashes []string) (taken []string, err error) {
	defer w.time("AddSlips", &err)()
	return w.store.AddSlips(ctx, batch, hashes)
}

func (w timed) SlipsThere(ctx context.Context, hashes []string) (there []string, err error) {
	defer w.time("SlipsThere", &err)()
	return w.store.SlipsThere(ctx, hashes)
}

func (w timed) Slip(ctx context.Context, hashes ...string) (slip admission.Slip, err error) {
	defer w.time("Slip", &err)()
	return w.store.Slip(ctx, hashes...)
}

func (w timed) SpendSlip(ctx context.Context, hash string) (err error) {
	defer w.time("SpendSlip", &err)()
	return w.store.SpendSlip(ctx, hash)
}

func (w timed) CountSlips(ctx context.Context, batch string) (made, spent int, err error) {
	defer w.time("CountSlips", &err)()
	return w.store.CountSlips(ctx, batch)
}

func (w timed) DropSlips(ctx context.Context, batch string, limit int) (n int, err error) {
	defer w.time("DropSlips", &err)()
	return w.store.DropSlips(ctx, batch, limit)
}
