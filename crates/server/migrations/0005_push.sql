-- Where a device's browser takes push messages: one address a device, one device an address.
CREATE TABLE push (
    org TEXT NOT NULL,
    device TEXT NOT NULL,
    endpoint TEXT NOT NULL UNIQUE,
    -- The browser's keys as base64url without padding: a P-256 point and 16 random bytes.
    p256dh TEXT NOT NULL,
    auth TEXT NOT NULL,
    since INTEGER NOT NULL,
    PRIMARY KEY (org, device),
    FOREIGN KEY (org, device) REFERENCES devices (org, id)
) STRICT, WITHOUT ROWID;
