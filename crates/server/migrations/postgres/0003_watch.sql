-- When it begins, the watch reads what may still matter; without these it read every record of every movement that ever was.
CREATE INDEX movements_by_end ON movements (org, closed);
CREATE INDEX records_of_movements_by_receipt ON records (org, received) WHERE movement IS NOT NULL;
