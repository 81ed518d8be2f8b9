-- The public key (Ed25519) with which a device signs what others carry for it; none of phones that never said.
ALTER TABLE devices ADD COLUMN signing_key TEXT;
