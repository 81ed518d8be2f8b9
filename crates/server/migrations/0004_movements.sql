-- The movement a record belongs to, whose crew may see it.
ALTER TABLE records ADD COLUMN movement TEXT;
-- Outside of movements: the emergency a record is about, which may be the record itself.
ALTER TABLE records ADD COLUMN alarm TEXT;
CREATE INDEX records_by_movement ON records (org, movement, seq) WHERE movement IS NOT NULL;
CREATE INDEX records_by_alarm ON records (org, alarm, seq) WHERE alarm IS NOT NULL;

-- Every movement that some record names.
CREATE TABLE movements (
    org TEXT NOT NULL REFERENCES orgs (slug),
    id TEXT NOT NULL,
    -- Who wrote the first plan, and the areas of that person when it arrived; unknown until it arrives.
    planner TEXT,
    areas TEXT,
    -- When the last record arrived that says that it is over, if nobody has changed the plan after that.
    closed INTEGER,
    PRIMARY KEY (org, id)
) STRICT, WITHOUT ROWID;

-- Who is named in any version of the plan of a movement.
CREATE TABLE crews (
    org TEXT NOT NULL,
    user TEXT NOT NULL,
    movement TEXT NOT NULL,
    -- Whether the plan that arrived last names them: who no longer travels still sees how it went.
    aboard INTEGER NOT NULL,
    PRIMARY KEY (org, user, movement),
    FOREIGN KEY (org, movement) REFERENCES movements (org, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX crews_by_movement ON crews (org, movement);

-- The rules of the watch where the organisation has set its own, in minutes.
CREATE TABLE levels (
    org TEXT NOT NULL REFERENCES orgs (slug),
    level TEXT NOT NULL,
    interval INTEGER NOT NULL,
    grace INTEGER NOT NULL,
    prompt INTEGER NOT NULL,
    step INTEGER NOT NULL,
    hold INTEGER NOT NULL,
    PRIMARY KEY (org, level)
) STRICT, WITHOUT ROWID;

-- Which server looks after the movements, and until when it may be taken for alive.
CREATE TABLE leases (
    name TEXT NOT NULL PRIMARY KEY,
    holder TEXT NOT NULL,
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What an older version took in without knowing what it is.
UPDATE records SET movement = lower(CASE event ->> '$.type'
    WHEN 'org.waymark.movement.planned.v1' THEN id ELSE event ->> '$.data.movement' END)
WHERE json_type(event, '$.data') = 'object' AND (event ->> '$.type') LIKE 'org.waymark.%.v1';
UPDATE records SET alarm = CASE event ->> '$.type'
    WHEN 'org.waymark.emergency.raised.v1' THEN id
    WHEN 'org.waymark.emergency.acknowledged.v1' THEN event ->> '$.data.record'
    WHEN 'org.waymark.emergency.resolved.v1' THEN event ->> '$.data.record' END
WHERE movement IS NULL AND json_type(event, '$.data') = 'object';
INSERT INTO movements (org, id, closed)
    SELECT org, movement, min(received) FILTER (WHERE (event ->> '$.type') = 'org.waymark.movement.closed.v1')
    FROM records WHERE movement IS NOT NULL GROUP BY org, movement;
UPDATE movements SET planner = r.author, areas = r.areas
    FROM records r WHERE r.org = movements.org AND r.id = movements.id AND r.movement = r.id;
INSERT INTO crews (org, user, movement, aboard)
    SELECT DISTINCT r.org, p.value, r.movement, 1 FROM records r, json_tree(r.event, '$.data.plan') p
    WHERE r.movement IS NOT NULL AND p.key = 'user' AND p.type = 'text';
