-- +goose Up

-- Instants are unix milliseconds, 0 for none; days are dates such as 2026-11-23.

CREATE TABLE member (
	id              INTEGER PRIMARY KEY,
	person_platform TEXT    NOT NULL,
	person_id       TEXT    NOT NULL,
	platform        TEXT    NOT NULL,
	chat            TEXT    NOT NULL,
	name            TEXT    NOT NULL,
	zone            TEXT    NOT NULL,
	language        TEXT    NOT NULL,
	agreed          INTEGER NOT NULL,
	unreachable     INTEGER NOT NULL,
	asked_check_in  INTEGER NOT NULL,
	asked_step      TEXT    NOT NULL,
	asked_at        INTEGER NOT NULL,
	version         INTEGER NOT NULL
) STRICT;

-- Who is who: a member may be several persons, one on each platform.
CREATE TABLE person (
	platform TEXT    NOT NULL,
	id       TEXT    NOT NULL,
	member   INTEGER NOT NULL REFERENCES member (id),
	PRIMARY KEY (platform, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE couple (
	id        INTEGER PRIMARY KEY,
	zone      TEXT    NOT NULL,
	since     INTEGER NOT NULL,
	ended     INTEGER NOT NULL,
	settings  TEXT    NOT NULL, -- JSON, empty for none
	proposals TEXT    NOT NULL, -- JSON, empty for none
	invite    TEXT    NOT NULL,
	offered   INTEGER NOT NULL,
	version   INTEGER NOT NULL
) STRICT;

CREATE TABLE bond (
	couple     INTEGER NOT NULL REFERENCES couple (id),
	n          INTEGER NOT NULL, -- the order of joining
	member     INTEGER NOT NULL REFERENCES member (id),
	joined     INTEGER NOT NULL,
	rest_until INTEGER NOT NULL,
	PRIMARY KEY (couple, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX bond_member ON bond (member, joined);

CREATE TABLE invite (
	code    TEXT    NOT NULL PRIMARY KEY,
	couple  INTEGER NOT NULL REFERENCES couple (id),
	inviter INTEGER NOT NULL,
	until   INTEGER NOT NULL,
	used    INTEGER NOT NULL,
	revoked INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A ritual as it was when a check-in opened with it.
CREATE TABLE definition (
	hash TEXT NOT NULL PRIMARY KEY,
	json TEXT NOT NULL
) STRICT;

CREATE TABLE check_in (
	id      INTEGER PRIMARY KEY,
	couple  INTEGER NOT NULL REFERENCES couple (id),
	ritual  TEXT    NOT NULL,
	day     TEXT    NOT NULL,
	n       INTEGER NOT NULL,
	hash    TEXT    NOT NULL REFERENCES definition (hash),
	streak  INTEGER NOT NULL, -- whether its day counts
	state   TEXT    NOT NULL,
	opened  INTEGER NOT NULL,
	closes  INTEGER NOT NULL,
	morning INTEGER NOT NULL,
	UNIQUE (couple, ritual, day, n)
) STRICT;
CREATE INDEX check_in_opened ON check_in (couple, opened);
CREATE INDEX check_in_open ON check_in (couple) WHERE state = 'open';

CREATE TABLE walk (
	check_in INTEGER NOT NULL REFERENCES check_in (id),
	n        INTEGER NOT NULL, -- the order of asking
	member   INTEGER NOT NULL,
	opens    INTEGER NOT NULL,
	closes   INTEGER NOT NULL,
	done     INTEGER NOT NULL,
	gone     INTEGER NOT NULL, -- takes no part this time
	PRIMARY KEY (check_in, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE reply (
	check_in INTEGER NOT NULL REFERENCES check_in (id),
	member   INTEGER NOT NULL,
	step     TEXT    NOT NULL,
	choice   TEXT    NOT NULL,
	words    TEXT    NOT NULL, -- JSON, empty for none
	skipped  INTEGER NOT NULL,
	mine     INTEGER NOT NULL,
	at       INTEGER NOT NULL,
	PRIMARY KEY (check_in, member, step)
) STRICT, WITHOUT ROWID;
CREATE INDEX reply_member ON reply (member, check_in);

CREATE TABLE held (
	id     INTEGER PRIMARY KEY,
	member INTEGER NOT NULL,
	couple INTEGER NOT NULL,
	source TEXT    NOT NULL,
	text   TEXT    NOT NULL,
	until  INTEGER NOT NULL
) STRICT;
CREATE INDEX held_member ON held (member);

CREATE TABLE alarm (
	couple   INTEGER NOT NULL,
	name     TEXT    NOT NULL,
	kind     TEXT    NOT NULL,
	at       INTEGER NOT NULL,
	ritual   TEXT    NOT NULL,
	day      TEXT    NOT NULL,
	member   INTEGER NOT NULL,
	check_in INTEGER NOT NULL,
	tries    INTEGER NOT NULL,
	PRIMARY KEY (couple, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX alarm_at ON alarm (at);

-- What is to be said. state is pending, sent or failed; what waits is kept back until its chat is released.
CREATE TABLE outbox (
	id       INTEGER PRIMARY KEY AUTOINCREMENT,
	key      TEXT UNIQUE,
	platform TEXT    NOT NULL,
	chat     TEXT    NOT NULL,
	state    TEXT    NOT NULL,
	waits    INTEGER NOT NULL,
	body     TEXT    NOT NULL, -- JSON
	rev      INTEGER NOT NULL, -- counts the changes of body
	edits    INTEGER,          -- the row whose message it changes in place
	couple   INTEGER NOT NULL,
	check_in INTEGER NOT NULL,
	at       INTEGER NOT NULL, -- when it was decided; once sent or failed, when that was
	retry_at INTEGER NOT NULL,
	tries    INTEGER NOT NULL,
	message  TEXT              -- the platform's id, once sent
) STRICT;
CREATE INDEX outbox_chat ON outbox (platform, chat, state DESC);
CREATE INDEX outbox_order ON outbox (platform, id) WHERE state = 'pending' AND waits = 0;
CREATE INDEX outbox_couple ON outbox (couple, check_in) WHERE state = 'pending';
CREATE INDEX outbox_edits ON outbox (edits) WHERE edits IS NOT NULL;

-- Events that were settled.
CREATE TABLE handled (
	platform TEXT    NOT NULL,
	id       TEXT    NOT NULL,
	at       INTEGER NOT NULL,
	PRIMARY KEY (platform, id)
) STRICT, WITHOUT ROWID;

-- Events that could not be settled, as they came.
CREATE TABLE parked (
	platform TEXT    NOT NULL,
	id       TEXT    NOT NULL,
	at       INTEGER NOT NULL,
	reason   TEXT    NOT NULL,
	event    TEXT    NOT NULL, -- JSON
	PRIMARY KEY (platform, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE cursor (
	platform TEXT NOT NULL,
	name     TEXT NOT NULL,
	value    TEXT NOT NULL,
	PRIMARY KEY (platform, name)
) STRICT, WITHOUT ROWID;
