-- A positive answer that waits goes with the session that it tells of, and with what was agreed to. A negative one tells of none.
ALTER TABLE artifact ADD COLUMN session TEXT REFERENCES session (digest) ON UPDATE CASCADE ON DELETE CASCADE;
CREATE INDEX artifact_session ON artifact (session);
