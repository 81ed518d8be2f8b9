-- What a record refers to: it is protected as soon as one of these is, whichever comes first.
CREATE TABLE mentions (
    org TEXT NOT NULL REFERENCES orgs (slug),
    -- The record that is referred to, which may not have arrived.
    target TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (org, target, record)
) STRICT, WITHOUT ROWID;

CREATE INDEX mentions_by_record ON mentions (org, record);

-- Who has to do what it says, or what the record it is about says.
ALTER TABLE records ADD COLUMN addressee TEXT;
CREATE INDEX records_by_addressee ON records (org, addressee, seq) WHERE addressee IS NOT NULL;

-- What an older version took in without looking at it.
INSERT INTO mentions (org, target, record) SELECT org, subject, id FROM records WHERE subject IS NOT NULL;
INSERT OR IGNORE INTO mentions (org, target, record)
    SELECT r.org, lower(m.value), r.id FROM records r, json_each(r.event, '$.data') m
    WHERE json_type(r.event, '$.data') = 'object' AND (r.event ->> '$.type') LIKE 'org.waymark.%.v1'
    AND m.key IN ('of', 'from', 'to') AND m.type = 'text' AND length(m.value) = 36;
UPDATE records SET addressee = event ->> '$.data.owner.user'
WHERE (event ->> '$.type') = 'org.waymark.action.opened.v1' AND json_type(event, '$.data.owner.user') = 'text';
UPDATE records SET addressee = a.addressee
    FROM records a WHERE a.org = records.org AND a.id = records.subject AND a.addressee IS NOT NULL;
UPDATE records SET protected = 1 WHERE NOT protected AND (org, id) IN (
    WITH RECURSIVE kept (org, id) AS (
        SELECT org, id FROM records WHERE protected
        UNION
        SELECT m.org, m.record FROM kept CROSS JOIN mentions m ON m.org = kept.org AND m.target = kept.id)
    SELECT org, id FROM kept);
