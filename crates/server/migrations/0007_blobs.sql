-- Which records name a photo: whoever may see one of them may see the photo.
CREATE TABLE photos (
    org TEXT NOT NULL REFERENCES orgs (slug),
    sha256 TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (org, sha256, record)
) STRICT, WITHOUT ROWID;

-- Who has sent a blob, to the last byte. The bytes themselves are a file of the data directory.
CREATE TABLE blobs (
    org TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    user TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    received INTEGER NOT NULL,
    PRIMARY KEY (org, sha256, user),
    FOREIGN KEY (org, user) REFERENCES users (org, id)
) STRICT, WITHOUT ROWID;
