-- +goose Up

-- Who started a check-in by hand, 0 for nobody, and how far its members are in
-- what they keep together, as JSON, empty for nothing.
ALTER TABLE check_in ADD COLUMN starter INTEGER NOT NULL DEFAULT 0;
ALTER TABLE check_in ADD COLUMN talk TEXT NOT NULL DEFAULT '';

-- Whether a member wants the answers to open in the morning, and the cards they
-- were shown, as JSON, empty for none.
ALTER TABLE walk ADD COLUMN morning INTEGER NOT NULL DEFAULT 0;
ALTER TABLE walk ADD COLUMN cards TEXT NOT NULL DEFAULT '';

-- Cards of a couple's own and what the couple is told once only, as JSON, empty
-- for none.
ALTER TABLE couple ADD COLUMN cards TEXT NOT NULL DEFAULT '';
ALTER TABLE couple ADD COLUMN told TEXT NOT NULL DEFAULT '';

-- The rituals that a member keeps for themselves, as JSON, empty for none.
ALTER TABLE member ADD COLUMN private TEXT NOT NULL DEFAULT '';
