-- The key that an organisation's packs are signed with, as its phones are told: 64 hex digits.
CREATE TABLE pack_keys (
    org TEXT NOT NULL PRIMARY KEY REFERENCES orgs (slug),
    key TEXT NOT NULL,
    since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What an organisation has published; the text to the letter, since its signature is of the letters.
CREATE TABLE packs (
    org TEXT NOT NULL REFERENCES orgs (slug),
    version INTEGER NOT NULL,
    key TEXT NOT NULL,
    published INTEGER NOT NULL,
    signed TEXT NOT NULL,
    PRIMARY KEY (org, version)
) STRICT;

-- The files of all versions and organisations, each content once.
CREATE TABLE pack_files (
    sha256 TEXT NOT NULL PRIMARY KEY,
    bytes BLOB NOT NULL
) STRICT;

-- Which organisation may read which file.
CREATE TABLE pack_contents (
    org TEXT NOT NULL,
    sha256 TEXT NOT NULL REFERENCES pack_files (sha256),
    version INTEGER NOT NULL,
    PRIMARY KEY (org, sha256, version),
    FOREIGN KEY (org, version) REFERENCES packs (org, version)
) STRICT, WITHOUT ROWID;

-- Which version a device says it has, and since when; 0 for none.
CREATE TABLE pack_devices (
    org TEXT NOT NULL,
    device TEXT NOT NULL,
    version INTEGER NOT NULL,
    since INTEGER NOT NULL,
    PRIMARY KEY (org, device),
    FOREIGN KEY (org, device) REFERENCES devices (org, id)
) STRICT, WITHOUT ROWID;
