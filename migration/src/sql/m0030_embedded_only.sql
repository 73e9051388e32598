-- A plan that is not paid for costs the installation nothing: its videos go to no provider that does.

ALTER TABLE batch_jobs ADD COLUMN embedded_only {bool} NOT NULL DEFAULT {false}; -- @bool Only the embedded provider makes its videos
