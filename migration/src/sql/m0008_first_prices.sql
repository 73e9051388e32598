-- The price list a new installation starts with: animatic-1, per started 4 s, every aspect alike.
INSERT INTO model_prices (id, version, model, resolution, workspace_id, credits_per_block, block_s, effective_from) VALUES
  ({uuid:00000000000070008000000000000001:uuid}, 1, 'animatic-1', '360p', NULL, 1, 4, 0),
  ({uuid:00000000000070008000000000000002:uuid}, 1, 'animatic-1', '720p', NULL, 3, 4, 0);
INSERT INTO provider_counters (provider, in_flight, cap) VALUES ('animatic', 0, 64);
