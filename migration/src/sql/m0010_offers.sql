-- Several offers for one model: why an attempt went where it went, and what an attempt may have
-- cost of which nothing was ever proven.
ALTER TABLE attempts ADD COLUMN decision {text};
ALTER TABLE attempts ADD COLUMN suspected_cost_minor {int};
