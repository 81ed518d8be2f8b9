-- SHA-256 of a secret that the phone made before it was first enrolled. Credentials come and go, and a restored backup
-- knows only an older one; by its key a phone that signs in again is the same device.
ALTER TABLE devices ADD COLUMN key BLOB;
CREATE UNIQUE INDEX devices_by_key ON devices (org, key) WHERE key IS NOT NULL;
