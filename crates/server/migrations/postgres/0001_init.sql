-- The tables of ../*.sql, as they are after its last migration. Times are milliseconds since 1970 by the server's clock;
-- areas are JSON arrays of text. Names are ordered by their bytes, as SQLite does, whatever the system's language is.

CREATE TABLE settings (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE orgs (
    slug TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    -- The newest place in the organisation's feed. Whoever takes records in locks the row before they look at anything, so
    -- that the order of commits is the order of the feed and no reader skips a record.
    seq BIGINT NOT NULL DEFAULT 0,
    -- How many records have arrived.
    arrived BIGINT NOT NULL DEFAULT 0,
    created BIGINT NOT NULL
) WITH (fillfactor = 20);

CREATE TABLE users (
    org TEXT COLLATE "C" NOT NULL REFERENCES orgs (slug),
    id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    role TEXT NOT NULL,
    areas TEXT NOT NULL,
    PRIMARY KEY (org, id)
);

CREATE TABLE devices (
    org TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    "user" TEXT COLLATE "C" NOT NULL,
    -- SHA-256 of the credential; kept after revocation, so that the same device can come back as itself.
    token BYTEA NOT NULL UNIQUE,
    enrolled BIGINT NOT NULL,
    revoked BIGINT,
    -- When the device last showed its credential, within ten minutes.
    seen BIGINT,
    -- SHA-256 of a secret that the phone made before it was first enrolled.
    key BYTEA,
    PRIMARY KEY (org, id),
    FOREIGN KEY (org, "user") REFERENCES users (org, id)
);

CREATE UNIQUE INDEX devices_by_key ON devices (org, key) WHERE key IS NOT NULL;

CREATE TABLE codes (
    -- SHA-256 of the code.
    hash BYTEA NOT NULL PRIMARY KEY,
    org TEXT COLLATE "C" NOT NULL REFERENCES orgs (slug),
    role TEXT NOT NULL,
    areas TEXT NOT NULL,
    expires BIGINT NOT NULL,
    used BIGINT,
    -- The device that it is for, whoever it says it is.
    device TEXT COLLATE "C"
);

CREATE TABLE records (
    org TEXT COLLATE "C" NOT NULL REFERENCES orgs (slug),
    id TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    -- Records are numbered as they arrive, from 1 and without a gap, wherever they are in the feed by now.
    arrival BIGINT NOT NULL,
    digest TEXT NOT NULL,
    device TEXT COLLATE "C" NOT NULL,
    author TEXT COLLATE "C" NOT NULL,
    -- The record that this one is about, and who wrote that; the author is unknown until that record arrives.
    subject TEXT COLLATE "C",
    subject_author TEXT COLLATE "C",
    protected BOOLEAN NOT NULL,
    areas TEXT NOT NULL,
    received BIGINT NOT NULL,
    happened BIGINT NOT NULL,
    -- The type of the event: its JSON may hold what PostgreSQL's own functions do not read.
    kind TEXT COLLATE "C" NOT NULL,
    -- The whole event as JSON, with attributes this version does not know.
    event TEXT NOT NULL,
    -- The movement it belongs to, whose crew may see it.
    movement TEXT COLLATE "C",
    -- Outside of movements: the emergency it is about, which may be the record itself.
    alarm TEXT COLLATE "C",
    -- Who has to do what it says, or what the record it is about says.
    addressee TEXT COLLATE "C",
    -- What everybody has to know who works in its areas, whatever their role.
    for_all_staff BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (org, id),
    UNIQUE (org, seq),
    UNIQUE (org, arrival)
);

CREATE INDEX records_by_author ON records (org, author, seq);
CREATE INDEX records_by_subject_author ON records (org, subject_author, seq) WHERE subject_author IS NOT NULL;
CREATE INDEX records_awaiting_subject ON records (org, subject)
    WHERE subject IS NOT NULL AND subject_author IS NULL;
CREATE INDEX records_by_movement ON records (org, movement, seq) WHERE movement IS NOT NULL;
CREATE INDEX records_by_alarm ON records (org, alarm, seq) WHERE alarm IS NOT NULL;
CREATE INDEX records_by_addressee ON records (org, addressee, seq) WHERE addressee IS NOT NULL;
CREATE INDEX records_for_all_staff ON records (org, seq) WHERE for_all_staff;

-- Second versions of records whose id is taken: kept for people to look into, never in the feed.
CREATE TABLE conflicts (
    org TEXT COLLATE "C" NOT NULL REFERENCES orgs (slug),
    id TEXT COLLATE "C" NOT NULL,
    digest TEXT COLLATE "C" NOT NULL,
    device TEXT COLLATE "C" NOT NULL,
    received BIGINT NOT NULL,
    event TEXT NOT NULL,
    PRIMARY KEY (org, id, digest, device)
);

-- Every movement that some record names.
CREATE TABLE movements (
    org TEXT COLLATE "C" NOT NULL REFERENCES orgs (slug),
    id TEXT COLLATE "C" NOT NULL,
    -- Who wrote the first plan, and the areas of that person when it arrived; unknown until it arrives.
    planner TEXT COLLATE "C",
    areas TEXT,
    -- When the last record arrived that says that it is over, if nobody has changed the plan after that.
    closed BIGINT,
    PRIMARY KEY (org, id)
);

-- Who is named in any version of the plan of a movement.
CREATE TABLE crews (
    org TEXT COLLATE "C" NOT NULL,
    "user" TEXT COLLATE "C" NOT NULL,
    movement TEXT COLLATE "C" NOT NULL,
    -- Whether the plan that arrived last names them: who no longer travels still sees how it went.
    aboard BOOLEAN NOT NULL,
    PRIMARY KEY (org, "user", movement),
    FOREIGN KEY (org, movement) REFERENCES movements (org, id)
);

CREATE INDEX crews_by_movement ON crews (org, movement);

-- The rules of the watch where the organisation has set its own, in minutes.
CREATE TABLE levels (
    org TEXT COLLATE "C" NOT NULL REFERENCES orgs (slug),
    level TEXT COLLATE "C" NOT NULL,
    "interval" BIGINT NOT NULL,
    grace BIGINT NOT NULL,
    prompt BIGINT NOT NULL,
    step BIGINT NOT NULL,
    hold BIGINT NOT NULL,
    PRIMARY KEY (org, level)
);

-- Where a device's browser takes push messages: one address a device, one device an address.
CREATE TABLE push (
    org TEXT COLLATE "C" NOT NULL,
    device TEXT COLLATE "C" NOT NULL,
    endpoint TEXT COLLATE "C" NOT NULL UNIQUE,
    -- The browser's keys as base64url without padding: a P-256 point and 16 random bytes.
    p256dh TEXT NOT NULL,
    auth TEXT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (org, device),
    FOREIGN KEY (org, device) REFERENCES devices (org, id)
);

-- What a record refers to: it is protected as soon as one of these is, whichever comes first.
CREATE TABLE mentions (
    org TEXT COLLATE "C" NOT NULL REFERENCES orgs (slug),
    -- The record that is referred to, which may not have arrived.
    target TEXT COLLATE "C" NOT NULL,
    record TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (org, target, record)
);

CREATE INDEX mentions_by_record ON mentions (org, record);

-- Which records name a photo: whoever may see one of them may see the photo.
CREATE TABLE photos (
    org TEXT COLLATE "C" NOT NULL REFERENCES orgs (slug),
    sha256 TEXT COLLATE "C" NOT NULL,
    record TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (org, sha256, record)
);

-- Who has sent a blob, to the last byte. The bytes themselves are a file of the data directory.
CREATE TABLE blobs (
    org TEXT COLLATE "C" NOT NULL,
    sha256 TEXT COLLATE "C" NOT NULL,
    "user" TEXT COLLATE "C" NOT NULL,
    bytes BIGINT NOT NULL,
    received BIGINT NOT NULL,
    PRIMARY KEY (org, sha256, "user"),
    FOREIGN KEY (org, "user") REFERENCES users (org, id)
);

-- The key that an organisation's packs are signed with, as its phones are told: 64 hex digits.
CREATE TABLE pack_keys (
    org TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES orgs (slug),
    key TEXT NOT NULL,
    since BIGINT NOT NULL
);

-- What an organisation has published; the text to the letter, since its signature is of the letters.
CREATE TABLE packs (
    org TEXT COLLATE "C" NOT NULL REFERENCES orgs (slug),
    version BIGINT NOT NULL,
    key TEXT NOT NULL,
    published BIGINT NOT NULL,
    signed TEXT NOT NULL,
    PRIMARY KEY (org, version)
);

-- The files of all versions and organisations, each content once.
CREATE TABLE pack_files (
    sha256 TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    bytes BYTEA NOT NULL
);

-- Which organisation may read which file.
CREATE TABLE pack_contents (
    org TEXT COLLATE "C" NOT NULL,
    sha256 TEXT COLLATE "C" NOT NULL REFERENCES pack_files (sha256),
    version BIGINT NOT NULL,
    PRIMARY KEY (org, sha256, version),
    FOREIGN KEY (org, version) REFERENCES packs (org, version)
);

-- Which version a device says it has, and since when; 0 for none.
CREATE TABLE pack_devices (
    org TEXT COLLATE "C" NOT NULL,
    device TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (org, device),
    FOREIGN KEY (org, device) REFERENCES devices (org, id)
);
