-- Control over a running batch: who holds the gate since when, pilots, stop-loss, rounds.

ALTER TABLE batch_jobs ADD COLUMN gate_since {int} NOT NULL DEFAULT 0; -- @UnixMs When the gate came to stand as it does
ALTER TABLE batch_jobs ADD COLUMN gate_reason {text} CHECK (gate_reason IN ('PERSON','STOP_LOSS','CANCELLED','DECLINED','OVERDUE')); -- @Option<GateReason> PAUSED, CLOSED: why
ALTER TABLE batch_jobs ADD COLUMN pilot_total {int} NOT NULL DEFAULT 0 CHECK (pilot_total >= 0); -- @i64 Pilot videos; 0 without a pilot
ALTER TABLE batch_jobs ADD COLUMN pilot_ended {int} NOT NULL DEFAULT 0 CHECK (pilot_ended >= 0); -- @i64 Those that ended in round 1; all of them: a decision is awaited
ALTER TABLE batch_jobs ADD COLUMN stop_loss_bp {int} CHECK (stop_loss_bp >= 0 AND stop_loss_bp < 10000); -- @Option<i64> Failed videos in 10,000 finished ones above which the batch pauses
ALTER TABLE batch_jobs ADD COLUMN stop_loss_min {int} CHECK (stop_loss_min >= 1); -- @Option<i64> Finished videos below which nothing is concluded
ALTER TABLE batch_jobs ADD COLUMN window_delivered {int} NOT NULL DEFAULT 0; -- @i64 Delivered when the stop-loss began to count
ALTER TABLE batch_jobs ADD COLUMN window_failed {int} NOT NULL DEFAULT 0; -- @i64 Failed when the stop-loss began to count
UPDATE batch_jobs SET gate_since = created_at;
UPDATE batch_jobs SET gate_reason = 'CANCELLED' WHERE gate = 'CLOSED';

ALTER TABLE batch_items ADD COLUMN pilot {bool} NOT NULL DEFAULT {false}; -- @bool Claimed while the gate is PILOT
ALTER TABLE batch_items ADD COLUMN attempts_before {int} NOT NULL DEFAULT 0; -- @i64 Attempts of earlier rounds

-- The batches that close themselves, and the videos that a pilot may still claim.
CREATE INDEX batch_jobs_waiting ON batch_jobs (gate_since) WHERE settled_at IS NULL AND gate IN ('PILOT', 'PAUSED');
CREATE INDEX batch_items_pilot ON batch_items (batch_id, ordinal) WHERE pilot AND state = 'QUEUED';
