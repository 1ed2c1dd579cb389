-- Why a service receives what a person agreed to or, where the law requires it, has seen.

ALTER TABLE consent ADD COLUMN basis TEXT NOT NULL DEFAULT 'consent' CHECK (basis IN ('consent', 'law'));
