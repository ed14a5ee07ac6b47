-- +goose Up

-- What one event writes is spread over as few pages as can be: each takes its part of
-- the time that is spent before a reply, and of the life of a memory card. So of a
-- chat's messages one index holds what waits and another what was sent, and the words
-- that are held, which are few, have none.
DROP INDEX outbox_chat;
DROP INDEX outbox_order;
DROP INDEX held_member;
CREATE INDEX outbox_pending ON outbox (platform, chat, waits) WHERE state = 'pending';
CREATE INDEX outbox_sent ON outbox (platform, chat) WHERE state = 'sent';
