-- A provider was asked to stop: noted before the call, because a stop may leave nothing to find.

ALTER TABLE attempts ADD COLUMN stop_asked_at {int}; -- @Option<UnixMs> When its provider was first asked to stop, at the latest
