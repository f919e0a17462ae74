-- The log by day, without reading it whole.
CREATE INDEX "events_at_idx" ON "events"("at");
