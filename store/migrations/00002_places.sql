-- +goose Up

-- Where a couple keeps its rituals together, as JSON, and where that is as
-- platform/chat; both empty for each alone. A chat is the place of one couple.
ALTER TABLE couple ADD COLUMN place TEXT NOT NULL DEFAULT '';
ALTER TABLE couple ADD COLUMN place_at TEXT NOT NULL DEFAULT '';
ALTER TABLE couple ADD COLUMN lobby_platform TEXT NOT NULL DEFAULT '';
ALTER TABLE couple ADD COLUMN lobby_chat TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX couple_place ON couple (place_at) WHERE place_at <> '';

-- A person's own chat with the bot.
ALTER TABLE person ADD COLUMN chat TEXT NOT NULL DEFAULT '';
UPDATE person SET chat = coalesce((SELECT m.chat FROM member m WHERE m.id = person.member AND m.platform = person.platform), '');
CREATE INDEX person_member ON person (member);

-- An invite may be for one person only, or add an address to who made it.
ALTER TABLE invite ADD COLUMN link INTEGER NOT NULL DEFAULT 0;
ALTER TABLE invite ADD COLUMN for_platform TEXT NOT NULL DEFAULT '';
ALTER TABLE invite ADD COLUMN for_person TEXT NOT NULL DEFAULT '';

ALTER TABLE held ADD COLUMN media TEXT NOT NULL DEFAULT ''; -- JSON, empty for none
