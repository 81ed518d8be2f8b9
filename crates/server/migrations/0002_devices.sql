-- When the device last showed its credential, within ten minutes.
ALTER TABLE devices ADD COLUMN seen INTEGER;
-- A code for one device that is there gives it a new credential, whoever it says it is.
ALTER TABLE codes ADD COLUMN device TEXT;
