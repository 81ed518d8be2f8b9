-- Times are milliseconds since 1970 by the server's clock; areas are JSON arrays of text.

CREATE TABLE settings (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE orgs (
    slug TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    -- The newest place in the organisation's feed; raised in the transaction that stores the records, so that the
    -- order of commits is the order of the feed and no reader skips a row.
    seq INTEGER NOT NULL DEFAULT 0,
    created INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE users (
    org TEXT NOT NULL REFERENCES orgs (slug),
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    areas TEXT NOT NULL,
    PRIMARY KEY (org, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE devices (
    org TEXT NOT NULL,
    id TEXT NOT NULL,
    user TEXT NOT NULL,
    -- SHA-256 of the credential; kept after revocation, so that the same device can come back as itself.
    token BLOB NOT NULL UNIQUE,
    enrolled INTEGER NOT NULL,
    revoked INTEGER,
    PRIMARY KEY (org, id),
    FOREIGN KEY (org, user) REFERENCES users (org, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE codes (
    -- SHA-256 of the code.
    hash BLOB NOT NULL PRIMARY KEY,
    org TEXT NOT NULL REFERENCES orgs (slug),
    role TEXT NOT NULL,
    areas TEXT NOT NULL,
    expires INTEGER NOT NULL,
    used INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE records (
    org TEXT NOT NULL REFERENCES orgs (slug),
    seq INTEGER NOT NULL,
    id TEXT NOT NULL,
    digest TEXT NOT NULL,
    device TEXT NOT NULL,
    author TEXT NOT NULL,
    -- The record that this one is about, and who wrote that; the author is unknown until that record arrives.
    subject TEXT,
    subject_author TEXT,
    protected INTEGER NOT NULL,
    -- The areas of the author when the record arrived.
    areas TEXT NOT NULL,
    received INTEGER NOT NULL,
    happened INTEGER NOT NULL,
    -- The whole event as JSON, with attributes this version does not know.
    event TEXT NOT NULL,
    UNIQUE (org, seq),
    UNIQUE (org, id)
) STRICT;

CREATE INDEX records_by_author ON records (org, author, seq);
CREATE INDEX records_by_subject_author ON records (org, subject_author, seq) WHERE subject_author IS NOT NULL;
CREATE INDEX records_awaiting_subject ON records (org, subject)
    WHERE subject IS NOT NULL AND subject_author IS NULL;

-- Second versions of records whose id is taken: kept for people to look into, never in the feed.
CREATE TABLE conflicts (
    org TEXT NOT NULL REFERENCES orgs (slug),
    id TEXT NOT NULL,
    digest TEXT NOT NULL,
    device TEXT NOT NULL,
    received INTEGER NOT NULL,
    event TEXT NOT NULL,
    PRIMARY KEY (org, id, digest, device)
) STRICT, WITHOUT ROWID;
