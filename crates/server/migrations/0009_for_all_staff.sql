-- What everybody has to know who works in its areas, whatever their role.
ALTER TABLE records ADD COLUMN for_all_staff INTEGER NOT NULL DEFAULT 0;

-- An older version took them in as kinds that it did not know. The feed has passed them already: phones that have read on get
-- them with the next full reading.
UPDATE records SET for_all_staff = 1
WHERE event LIKE '%"type":"org.waymark.plan.staffed.v1"%' OR event LIKE '%"type":"org.waymark.guidance.noted.v1"%';

-- Few among many: a traveller's page finds them without reading through the rest.
CREATE INDEX records_for_all_staff ON records (org, seq) WHERE for_all_staff = 1;
