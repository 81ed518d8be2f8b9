-- What everybody has to know who works in its areas, whatever their role. No older version took any in.
ALTER TABLE records ADD COLUMN for_all_staff INTEGER NOT NULL DEFAULT 0;

-- Few among many: a traveller's page finds them without reading through the rest.
CREATE INDEX records_for_all_staff ON records (org, seq) WHERE for_all_staff = 1;
