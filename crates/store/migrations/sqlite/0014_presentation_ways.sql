-- A wallet is asked through the browser as well, an answer may come from the wrong place, and what has moved is found
-- without looking at what has not.

DROP INDEX presentation_login;
DROP INDEX presentation_expires;
ALTER TABLE presentation RENAME TO presentation_before;
CREATE TABLE presentation (
    id            TEXT NOT NULL PRIMARY KEY,
    login         TEXT NOT NULL,             -- the sign-in that it is for
    browser       TEXT NOT NULL,             -- digest of the cookie of the browser that began
    carrier       TEXT NOT NULL CHECK (carrier IN ('link', 'qr', 'browser')),
    stage         TEXT NOT NULL CHECK (stage IN ('waiting', 'fetched', 'judging', 'answered', 'digits', 'done', 'refused', 'elsewhere', 'failed')),
    typed         TEXT UNIQUE,               -- digest of what may be typed in place of the picture
    response_code TEXT UNIQUE,               -- digest of what the wallet's redirect brings
    phone         TEXT,                      -- digest of the cookie of the browser that the digits are shown in
    sealed        BLOB NOT NULL,             -- what was asked, then what was shown; nothing when it is over
    tries         INTEGER NOT NULL,
    began_at      INTEGER NOT NULL,
    shown_until   INTEGER NOT NULL,          -- when the picture lapses
    expires_at    INTEGER NOT NULL
) STRICT;
INSERT INTO presentation (id, login, browser, carrier, stage, typed, response_code, phone, sealed, tries, began_at, shown_until, expires_at)
    SELECT id, login, browser, carrier, stage, typed, response_code, phone, sealed, tries, began_at, shown_until, expires_at
    FROM presentation_before;
DROP TABLE presentation_before;
CREATE INDEX presentation_login ON presentation (login);
CREATE INDEX presentation_expires ON presentation (expires_at);
CREATE INDEX presentation_moved ON presentation (expires_at) WHERE stage <> 'waiting';
