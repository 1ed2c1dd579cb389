-- What a person could tick: what was ticked (`chosen`), and what was not. `released` stays what was shown as required,
-- which is all that was shown before.

ALTER TABLE consent ADD COLUMN chosen TEXT NOT NULL DEFAULT '';
ALTER TABLE consent ADD COLUMN withheld TEXT NOT NULL DEFAULT '';
