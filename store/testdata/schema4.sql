-- A database of schema 4, as it was released: it never changes.
CREATE TABLE goose_db_version (
		id INTEGER PRIMARY KEY AUTOINCREMENT,
		version_id INTEGER NOT NULL,
		is_applied INTEGER NOT NULL,
		tstamp TIMESTAMP DEFAULT (datetime('now'))
	);
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
, private TEXT NOT NULL DEFAULT '') STRICT;
CREATE TABLE person (
	platform TEXT    NOT NULL,
	id       TEXT    NOT NULL,
	member   INTEGER NOT NULL REFERENCES member (id), chat TEXT NOT NULL DEFAULT '',
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
, place TEXT NOT NULL DEFAULT '', place_at TEXT NOT NULL DEFAULT '', lobby_platform TEXT NOT NULL DEFAULT '', lobby_chat TEXT NOT NULL DEFAULT '', cards TEXT NOT NULL DEFAULT '', told TEXT NOT NULL DEFAULT '') STRICT;
CREATE TABLE bond (
	couple     INTEGER NOT NULL REFERENCES couple (id),
	n          INTEGER NOT NULL, -- the order of joining
	member     INTEGER NOT NULL REFERENCES member (id),
	joined     INTEGER NOT NULL,
	rest_until INTEGER NOT NULL,
	PRIMARY KEY (couple, n)
) STRICT, WITHOUT ROWID;
CREATE TABLE invite (
	code    TEXT    NOT NULL PRIMARY KEY,
	couple  INTEGER NOT NULL REFERENCES couple (id),
	inviter INTEGER NOT NULL,
	until   INTEGER NOT NULL,
	used    INTEGER NOT NULL,
	revoked INTEGER NOT NULL
, link INTEGER NOT NULL DEFAULT 0, for_platform TEXT NOT NULL DEFAULT '', for_person TEXT NOT NULL DEFAULT '') STRICT, WITHOUT ROWID;
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
	morning INTEGER NOT NULL, starter INTEGER NOT NULL DEFAULT 0, talk TEXT NOT NULL DEFAULT '',
	UNIQUE (couple, ritual, day, n)
) STRICT;
CREATE TABLE walk (
	check_in INTEGER NOT NULL REFERENCES check_in (id),
	n        INTEGER NOT NULL, -- the order of asking
	member   INTEGER NOT NULL,
	opens    INTEGER NOT NULL,
	closes   INTEGER NOT NULL,
	done     INTEGER NOT NULL,
	gone     INTEGER NOT NULL, morning INTEGER NOT NULL DEFAULT 0, cards TEXT NOT NULL DEFAULT '', -- takes no part this time
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
CREATE TABLE held (
	id     INTEGER PRIMARY KEY,
	member INTEGER NOT NULL,
	couple INTEGER NOT NULL,
	source TEXT    NOT NULL,
	text   TEXT    NOT NULL,
	until  INTEGER NOT NULL
, media TEXT NOT NULL DEFAULT '') STRICT;
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
CREATE TABLE handled (
	platform TEXT    NOT NULL,
	id       TEXT    NOT NULL,
	at       INTEGER NOT NULL,
	PRIMARY KEY (platform, id)
) STRICT, WITHOUT ROWID;
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
CREATE INDEX bond_member ON bond (member, joined);
CREATE INDEX check_in_opened ON check_in (couple, opened);
CREATE INDEX check_in_open ON check_in (couple) WHERE state = 'open';
CREATE INDEX reply_member ON reply (member, check_in);
CREATE INDEX alarm_at ON alarm (at);
CREATE INDEX outbox_couple ON outbox (couple, check_in) WHERE state = 'pending';
CREATE INDEX outbox_edits ON outbox (edits) WHERE edits IS NOT NULL;
CREATE INDEX outbox_pending ON outbox (platform, chat, waits) WHERE state = 'pending';
CREATE INDEX outbox_sent ON outbox (platform, chat) WHERE state = 'sent';
CREATE UNIQUE INDEX couple_place ON couple (place_at) WHERE place_at <> '';
CREATE INDEX person_member ON person (member);
INSERT INTO goose_db_version VALUES (1, 0, 1, '2026-11-23 05:25:08');
INSERT INTO goose_db_version VALUES (2, 1, 1, '2026-11-23 05:25:08');
INSERT INTO goose_db_version VALUES (3, 2, 1, '2026-11-27 21:00:00');
INSERT INTO goose_db_version VALUES (4, 3, 1, '2026-11-28 01:00:00');
INSERT INTO goose_db_version VALUES (5, 4, 1, '2026-11-29 01:00:00');
INSERT INTO member VALUES (1, 'telegram', '1001', 'telegram', '1001', 'Alex', 'Europe/Berlin', 'en', 1795420800000, 0, 0, '', 0, 1, '["questions"]');
INSERT INTO member VALUES (2, 'discord', '2002', 'discord', '77', 'Sam', 'America/New_York', 'en', 1795421100000, 0, 0, '', 0, 1, '');
INSERT INTO person VALUES ('discord', '1001', 1, '78');
INSERT INTO person VALUES ('discord', '2002', 2, '77');
INSERT INTO person VALUES ('telegram', '1001', 1, '1001');
INSERT INTO couple VALUES (3, 'Europe/Berlin', 1795420800000, 0, '[{"ritual":"morning","off":true}]', '[{"id":9,"by":1,"setting":{"ritual":"evening","schedule":"0 21 * * *"},"until":"2026-11-23T23:00:00Z"}]', 'code', 1795424400000, 1, '{"address":{"platform":"discord","chat":"600"},"readers":{"kind":"thread","name":"evenings","people":2,"mark":"2"},"language":"en","people":{"1":{"platform":"discord","id":"1001"},"2":{"platform":"discord","id":"2002"}}}', 'discord/600', 'discord', '500', '', '');
INSERT INTO bond VALUES (3, 0, 1, 1795420800000, 0);
INSERT INTO bond VALUES (3, 1, 2, 1795421100000, 0);
INSERT INTO invite VALUES ('link', 3, 1, 1795474800000, 0, 0, 1, '', '');
INSERT INTO invite VALUES ('used', 3, 1, 1795474800000, 1795421100000, 0, 0, '', '');
INSERT INTO definition VALUES ('hash of evening', '{"id":"evening","title":{"en":"Check-in"},"window":21600000000000,"streak":true,"reveal":"together","steps":[{"id":"now","kind":"mood","text":{"en":"How are you now?"}},{"id":"heart","kind":"ask","text":{"en":"One thing on your heart?"}},{"id":"open","kind":"reveal","text":null}]}');
INSERT INTO check_in VALUES (10, 3, 'evening', '2026-11-23', 0, 'hash of evening', 1, 'open', 1795469400000, 1795491000000, 0, 1, '{"order":[1,2],"step":"speak","left":90000000000}');
INSERT INTO walk VALUES (10, 0, 1, 1795469400000, 1795491000000, 0, 0, 1, '[{"step":"card","deck":"play","card":"hum","text":{"en":"Hum."}}]');
INSERT INTO walk VALUES (10, 1, 2, 1795469400000, 1795491000000, 0, 0, 0, '');
INSERT INTO reply VALUES (10, 1, 'heart', '', '[{"source":"5","text":"Tired, but glad"}]', 0, 0, 1795470000000);
INSERT INTO held VALUES (4, 1, 3, '7', 'call the plumber', 1795471200000, '[{"kind":"picture","platform":"telegram","file":"abc","size":12345}]');
INSERT INTO alarm VALUES (3, 'nudge', 'nudge', 1795472100000, '', '', 0, 10, 0);
INSERT INTO outbox VALUES (1, 'a', 'telegram', '1001', 'pending', 0, '{"key":"","to":{"platform":"","chat":""},"blocks":[{"kind":"paragraph","text":"1"}],"silent":true,"until":"2026-11-23T23:00:00Z","couple":3,"checkin":10,"member":1}', 0, NULL, 3, 10, 1795469400000, 0, 0, NULL);
INSERT INTO handled VALUES ('telegram', '500', 1795469400000);
